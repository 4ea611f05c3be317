import { sleep, taskGroup } from "joinery";

async function work(what: string, ms: number) {
  await sleep(ms);
  console.log(what);
}

async function cell() {
  await taskGroup((group) => {
    group.createTask(() => work("something parallel", 60));
    group.createTask(() => work("something parallel, too", 100));
  });

  await work("something serial", 60);

  await taskGroup((group) => {
    group.createTask(() => work("another parallel task", 40));
    group.createTask(() => work("and one more", 80));
  });
}

export default {
  cell,
  title: "Structure: one group after the other",
  see: "A group is a block: what follows it starts when all of its tasks are over.",
  prints: [
    "something parallel",
    "something parallel, too",
    "something serial",
    "another parallel task",
    "and one more",
  ],
  ends: ["task 1 done", "task 2 done", "task 1 done", "task 2 done", "cell done"],
};
