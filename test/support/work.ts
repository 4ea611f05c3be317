/** The work that tests give to tasks. */

import { sleep } from "joinery";

export async function after<T>(ms: number, value: T): Promise<T> {
  await sleep(ms);
  return value;
}

export async function failAfter(ms: number, error: Error): Promise<never> {
  await sleep(ms);
  throw error;
}
