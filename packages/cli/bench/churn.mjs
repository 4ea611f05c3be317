/** Tasks that come and go: node churn.mjs COUNT TOTAL. Each lives for 2 to 8 seconds, and another one follows; after TOTAL of them none. */

import { run, sleep, taskGroup } from "joinery";
import { Queue } from "joinery/sync";

const [count, total] = process.argv.slice(2).map(Number);
const requests = new Queue({ name: "requests" });

await run(() => taskGroup(serve, { name: "server" }), { name: "main" });

function serve(group) {
  group.createTask(() => requests.get(), { name: "worker", background: true });
  for (let i = 0; i < count; i++) connect(group, i);
  console.log("ready");
}

function connect(group, i) {
  if (i < total) group.createTask(() => connection(group, i), { name: `conn-${i}` });
}

async function connection(group, i) {
  await sleep(2000 + ((i * 7919) % 6000));
  connect(group, i + count);
}
