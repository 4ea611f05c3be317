/** The programs that are looked at: each runs until the test is over. */

import { abandonable, run, shield, sleep, taskGroup } from "joinery";
import { Lock, Queue } from "joinery/sync";

async function both(first, second) {
  await first.acquire();
  await sleep(20);
  await second.acquire();
}

/** Two tasks take two locks, in different order. */
async function deadlock(group) {
  const [users, orders] = [new Lock({ name: "users" }), new Lock({ name: "orders" })];
  group.createTask(() => both(users, orders), { name: "signup" });
  group.createTask(() => both(orders, users), { name: "report" });
  group.createTask(() => users.acquire(), { name: "audit" });
  group.createTask(() => sleep(Infinity), { name: "heartbeat", background: true });
  const jobs = new Queue({ name: "jobs" });
  for (let i = 0; i < 3; i++) group.createTask(() => jobs.get(), { name: `worker-${i}` });
  await sleep(Infinity);
}

/** Ten thousand connections, most of which do the same. */
async function crowd(group) {
  const requests = new Queue({ name: "requests" });
  const users = new Lock({ name: "users" });
  group.createTask(
    async () => {
      await users.acquire();
      await sleep(Infinity);
    },
    { name: "migration" },
  );
  await sleep(5);
  for (let i = 0; i < 9000; i++) group.createTask(() => requests.get(), { name: `conn-${i}` });
  for (let i = 9000; i < 9900; i++) group.createTask(() => users.acquire(), { name: `conn-${i}` });
  for (let i = 0; i < 80; i++) group.createTask(() => sleep(Infinity), { name: `timer-${i}` });
  await sleep(Infinity);
}

/** Ten thousand tasks, of which some end all the time, and others come. */
async function churn(group) {
  let last = 0;
  const connect = () => {
    const ms = 1000 + ((++last * 7919) % 9000);
    group.createTask(() => sleep(ms).then(connect), { name: `conn-${last}` });
  };
  for (let i = 0; i < 10_000; i++) connect();
  await sleep(Infinity);
}

/** Lets those go on who resist. */
let letGo = () => {};

/** A cancelled crew: most stop, one holds out, one catches it, one cleans up in a shield. */
async function wave(group) {
  const held = new Promise((resolve) => (letGo = resolve));
  const crew = async (inner) => {
    for (let i = 0; i < 6; i++) inner.createTask(() => sleep(Infinity), { name: `fetch-${i}` });
    inner.createTask(() => held, { name: "stubborn" });
    inner.createTask(
      async () => {
        await sleep(Infinity).catch(() => {});
        await sleep(Infinity).catch(() => {});
        await held;
      },
      { name: "swallower" },
    );
    inner.createTask(
      () =>
        shield(
          () =>
            taskGroup(
              (safe) => {
                safe.createTask(() => held, { name: "commit" });
              },
              { name: "transaction" },
            ),
          { within: 60_000 },
        ),
      { name: "writer" },
    );
  };
  const done = group.createTask(
    () =>
      taskGroup(
        async (inner) => {
          group.createTask(
            async () => {
              await sleep(100);
              inner.cancel("deploy");
            },
            { name: "deployer" },
          );
          await crew(inner);
        },
        { name: "crew", cancellable: true, grace: Infinity },
      ),
    { name: "service" },
  );
  await done;
}

async function fail(error) {
  await sleep(30);
  throw error;
}

function load() {
  return taskGroup(
    (inner) => {
      inner.createTask(() => fail(new TypeError("fetch failed")), { name: "fetch-users" });
      inner.createTask(() => fail(new RangeError("page 7 of 6")), { name: "fetch-pages" });
      inner.createTask(() => sleep(Infinity), { name: "progress" });
    },
    { name: "load" },
  );
}

/** A group that fails, with a group that fails inside. */
async function failure() {
  await taskGroup(
    (outer) => {
      outer.createTask(load, { name: "import" });
      outer.createTask(() => sleep(Infinity), { name: "index" });
    },
    { name: "nightly" },
  ).catch(() => {});
  void abandonable(new Promise(() => {}), { label: "legacy upload" }).catch(() => {});
  await sleep(Infinity);
}

const programs = { deadlock, crowd, churn, wave, failure };

/** Starts one; the returned function ends it. */
export function start(name) {
  let end;
  const over = run(
    () =>
      taskGroup(
        async (group) => {
          end = () => group.cancel("the test is over");
          await programs[name](group);
        },
        { name: "server", cancellable: true, grace: Infinity },
      ),
    { name: "main", grace: Infinity },
  );
  return async () => {
    end();
    letGo();
    await over;
  };
}
