import { gather, taskGroup } from "joinery";
import { task } from "./02-gather.ts";

async function cell() {
  const numbers = Array.from({ length: 20 }, (_, n) => n);
  const handles = await taskGroup((group) => {
    return numbers.map((n) => group.createTask(() => task(n)));
  });

  const results: number[] = [];
  for (const handle of handles) results.push(await handle);
  console.log(...results);
  console.log(...(await gather(handles)));
  console.log(...handles.map((handle) => handle.result()));
}

export default {
  cell,
  title: "A task group",
  see: "The group ends when all twenty have. Three ways to the results: await, gather(), result().",
  prints: [
    "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19",
    "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19",
    "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19",
  ],
};
