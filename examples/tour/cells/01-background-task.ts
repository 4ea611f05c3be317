import { createTask, sleep } from "joinery";

async function fireAfter(ms: number) {
  await sleep(ms);
  console.log("Fired");
}

async function cell() {
  const task = createTask(() => fireAfter(100));
  await sleep(200);
  console.log("after");
  await task;
}

export default {
  cell,
  title: "A task in the background",
  see: "createTask() starts it and goes on: it fires while the cell sleeps.",
  prints: ["Fired", "after"],
  ends: ["task done", "cell done"],
};
