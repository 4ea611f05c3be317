import { expect, test } from "vitest";
import { errorCodes } from "../../src/core/errors.ts";
import { tableRows } from "../support/repository.ts";

test("docs/errors.md lists the error codes of the code, all of them and no others", () => {
  const documented = tableRows("docs/errors.md", ["code", "class", "when"]).map(([code]) => code);

  expect(new Set(documented)).toEqual(new Set(errorCodes));
});
