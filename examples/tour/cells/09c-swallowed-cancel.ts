import { sleep, taskGroup } from "joinery";

async function poll() {
  const end = Date.now() + 400;
  while (Date.now() < end) {
    try {
      await sleep(20);
    } catch {
      // "Whatever it was, try again": this swallows the cancellation, too.
    }
  }
}

async function cell() {
  await taskGroup(
    async (group) => {
      group.createTask(poll, { name: "poll" });
      await sleep(80);
      group.cancel("enough");
    },
    { name: "polling", cancellable: true, grace: 60 },
  );
  console.log("the group is over");
}

export default {
  cell,
  title: "Ours: a task that swallows its cancellation",
  see: "It does not hang in silence: a warning names it, and the place where it waits.",
  prints: [
    "JOINERY_RESISTS_CANCEL: …polling…",
    '…task "poll"…',
    "…at poll (examples/tour/cells/09c-swallowed-cancel.ts:…)",
    "the group is over",
  ],
  ends: ["poll done", "cell done"],
};
