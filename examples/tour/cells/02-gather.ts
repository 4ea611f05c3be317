import { gather, sleep } from "joinery";

export async function task(n: number) {
  await sleep(Math.random() * 500);
  return n;
}

async function cell() {
  const numbers = Array.from({ length: 20 }, (_, n) => n);
  const results = await gather(numbers.map((n) => () => task(n)));
  console.log(...results);
}

export default {
  cell,
  title: "gather()",
  see: "Twenty tasks end in any order; their results come in that of the arguments.",
  prints: ["0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19"],
};
