/** What CPython's own tests of `except*` ask and no other test does: see docs/asyncio-coverage.md. */

import { ExceptionGroup, exceptStar, on } from "joinery";
import { expect, test } from "vitest";

class IoError extends Error {}
class BlockingIoError extends IoError {}

const blocking = new BlockingIoError("blocking");
const io = new IoError("io");
const type = new TypeError("t");

/** What comes out of an `exceptStar`; `undefined` when everything was handled. */
async function left(error: unknown, ...clauses: Parameters<typeof on>[]): Promise<unknown> {
  try {
    await exceptStar(error, ...clauses.map((clause) => on(...clause)));
    return undefined;
  } catch (out) {
    return out;
  }
}

const raise = (error: Error) => () => {
  throw error;
};

/** A handler that notes what it gets. */
function collect(into: Error[]): (group: ExceptionGroup) => void {
  return (group) => void into.push(...group);
}

test("5: a class takes its subclasses, and the first clause that fits gets them", async () => {
  const [first, second]: Error[][] = [[], []];
  const group = new ExceptionGroup("g", [io, blocking]);
  expect(await left(group, [BlockingIoError, collect(first!)], [IoError, collect(second!)])).toBe(
    undefined,
  );
  expect([first, second]).toEqual([[blocking], [io]]);

  const [all, none]: Error[][] = [[], []];
  expect(await left(group, [IoError, collect(all!)], [BlockingIoError, collect(none!)])).toBe(
    undefined,
  );
  expect([all, none]).toEqual([[io, blocking], []]);
});

test("5: a handler may use exceptStar itself, again and again", async () => {
  const seen: Error[] = [];
  for (const _ of [1, 2]) {
    const out = await left(new ExceptionGroup("outer", [blocking, type]), [
      BlockingIoError,
      async (group) => {
        await exceptStar(new ExceptionGroup("inner", [io]), on(IoError, collect(seen)));
        seen.push(...group);
      },
    ]);
    expect(out).toMatchObject({ message: "outer", errors: [type] });
  }
  expect(seen).toEqual([io, blocking, io, blocking]);
});

test("5: one new error, with nothing left of a group, comes out naked; two come out in a group", async () => {
  const group = new ExceptionGroup("g", [io, type]);
  const three = new SyntaxError("3");
  const four = new SyntaxError("4");
  expect(await left(group, [[IoError, TypeError], raise(three)])).toBe(three);
  expect(await left(group, [IoError, raise(three)], [TypeError, raise(four)])).toMatchObject({
    message: "",
    errors: [three, four],
  });
});

test("5: new errors keep the cause that their handlers gave them", async () => {
  const group = new ExceptionGroup("g", [io, type]);
  const out = (await left(group, [
    IoError,
    (cause) => {
      throw new SyntaxError("new", { cause });
    },
  ])) as ExceptionGroup;
  const [fresh, rest] = out.errors;
  expect(fresh!.cause).toMatchObject({ message: "g", errors: [io] });
  expect(rest).toMatchObject({ message: "g", errors: [type] });
  expect("cause" in rest!).toBe(false);
  expect("cause" in out).toBe(false);
});

test("5: a subclass derives what handlers get and what is left, at every level", async () => {
  class Coded extends ExceptionGroup {
    readonly code: number;
    constructor(message: string, errors: readonly Error[], code: number) {
      super(message, errors);
      this.code = code;
    }
    override derive(errors: readonly Error[]): Coded {
      return new Coded(this.message, errors, this.code);
    }
  }
  const group = new Coded("outer", [io, new Coded("nested", [type, io], 101)], 42);
  const parts: Error[] = [];
  const out = await left(group, [IoError, (part) => void parts.push(part)]);
  for (const part of [out, ...parts]) expect(part).toBeInstanceOf(Coded);
  expect(parts).toMatchObject([{ code: 42, errors: [io, { code: 101, errors: [io] }] }]);
  expect(out).toMatchObject({ code: 42, errors: [{ code: 101, errors: [type] }] });
});

test("5: errors are told apart by identity, whatever else they say of themselves", async () => {
  class Alike extends Error {
    override readonly name = "Alike";
    equals(): boolean {
      return true;
    }
    override toString(): string {
      return "same";
    }
  }
  const [one, two, three] = ["same", "same", "same"].map((text) => new Alike(text));
  const picked: Error[] = [];
  const out = await left(new ExceptionGroup("g", [one!, two!, three!]), [
    (error) => error === two,
    collect(picked),
  ]);
  expect(picked).toHaveLength(1);
  expect(picked[0]).toBe(two);
  expect(
    (out as ExceptionGroup).errors.map((error) => [one, two, three].indexOf(error as Alike)),
  ).toEqual([0, 2]);
});

test("5: the group gets back as its member what one handler threw again of a nested group", async () => {
  const nested = new ExceptionGroup("nested", [blocking, io]);
  const group = new ExceptionGroup("g", [type, io, nested]);
  const out = await left(
    group,
    [BlockingIoError, (): void => {}],
    [
      IoError,
      (part) => {
        throw part;
      },
    ],
  );
  expect(out).toMatchObject({
    message: "g",
    errors: [type, io, { message: "nested", errors: [io] }],
  });
});
