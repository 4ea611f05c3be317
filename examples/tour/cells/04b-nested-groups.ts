import { shield, sleep, taskGroup } from "joinery";

async function backgroundJob() {
  try {
    await sleep(Infinity);
  } finally {
    console.log("the background job stops");
  }
}

async function service1() {
  await sleep(100);
  throw new Error("service 1 died");
}

async function service2() {
  try {
    await sleep(Infinity);
  } finally {
    await shield(() => sleep(50), { within: 1000 });
    console.log("service 2 says goodbye, and stops");
  }
}

async function cell() {
  await taskGroup(
    async (server) => {
      server.createTask(backgroundJob);
      await taskGroup(
        (services) => {
          services.createTask(service1);
          services.createTask(service2);
        },
        { name: "services" },
      );
    },
    { name: "server" },
  );
}

export default {
  cell,
  title: "Structure: a group in a group",
  see:
    "A service dies: its sibling stops, then the server, then the background job. " +
    "The error is a group in a group.",
  prints: [
    "service 2 says goodbye, and stops",
    "the background job stops",
    "ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)",
    "└ ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)",
    "  └ Error: service 1 died",
  ],
  ends: ["service1 failed", "service2 cancelled", "backgroundJob cancelled", "cell failed"],
};
