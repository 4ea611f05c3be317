import { shield, sleep, taskGroup, timeout, TimeoutError } from "joinery";

async function upload(file: string, cleanup: number) {
  try {
    await sleep(60_000);
  } finally {
    await shield(() => sleep(cleanup), { within: 1000 });
    console.log(`${file}: the part that was sent is removed`);
  }
}

async function cell() {
  try {
    await timeout(100, async () => {
      await taskGroup((group) => {
        group.createTask(() => upload("a.jpg", 30));
        group.createTask(() => upload("b.jpg", 60));
        group.defer(() => console.log("disconnected"));
      });
    });
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    console.log("too late");
  }
}

export default {
  cell,
  title: "Ours: a timeout around a group that cleans up",
  see: "The deadline stops all that is in it; the TimeoutError comes when the last cleanup is over.",
  prints: [
    "a.jpg: the part that was sent is removed",
    "b.jpg: the part that was sent is removed",
    "disconnected",
    "too late",
  ],
  ends: ["task 1 cancelled", "task 2 cancelled", "cell done"],
};
