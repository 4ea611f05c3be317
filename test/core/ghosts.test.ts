import { expect, test } from "vitest";
import { abandonable, moveOnAfter } from "joinery";
import { turn } from "../support/turn.ts";

test("3: the error of a promise that one wait has left behind and another has not is no late one", async () => {
  const broken = new Error("broken");
  let fail!: (error: Error) => void;
  const promise = new Promise<never>((_, reject) => (fail = reject));
  const patient = abandonable(promise, { label: "patient" }).catch((error: unknown) => error);
  await moveOnAfter(0, () => abandonable(promise, { label: "hasty" }));
  fail(broken);
  expect(await patient).toBe(broken);
  await turn(); // a warning would be one too many
});
