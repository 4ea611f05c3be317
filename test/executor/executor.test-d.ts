/** What the types of joinery/executor promise. Checked by `tsc`; nothing here runs. */
import { all, taskGroup } from "joinery";
import {
  type Executor,
  inProcess,
  registerError,
  remote,
  type RemoteCall,
  type RemoteFunction,
} from "joinery/executor";
import { expectTypeOf } from "vitest";

interface Frame {
  readonly at: number;
  readonly size?: { readonly width: number };
}

declare const executor: Executor;

const render = remote("render", async (frame: Frame, call) => {
  expectTypeOf(call).toEqualTypeOf<RemoteCall>();
  expectTypeOf(call.signal).toEqualTypeOf<AbortSignal>();
  return new Uint8Array(frame.at);
});
const now = remote("now", () => Date.now());
const maybe = remote("maybe", (n: number | undefined): void => void n);

// The input is checked, and the result known.
expectTypeOf(render).toEqualTypeOf<RemoteFunction<Frame, Uint8Array<ArrayBuffer>>>();
expectTypeOf(executor.call(render, { at: 1 })).toEqualTypeOf<Promise<Uint8Array<ArrayBuffer>>>();
expectTypeOf(executor.call(now)).toEqualTypeOf<Promise<number>>();
expectTypeOf(executor.call(maybe)).toEqualTypeOf<Promise<void>>();
void executor.call(maybe, 1, { key: "k" });
// @ts-expect-error Type 'string' is not assignable to type 'number'.
void executor.call(render, { at: "1" });
// @ts-expect-error Expected 2-3 arguments, but got 1.
void executor.call(render);
// @ts-expect-error Argument of type 'number' is not assignable to parameter of type 'void'.
void executor.call(now, 1);
// @ts-expect-error a plain function is not remote
void executor.call((n: number) => n, 1);
// @ts-expect-error a remote function is not called here by mistake
render({ at: 1 });

// A call is a child as any other.
expectTypeOf(taskGroup((group) => group.createTask(() => executor.call(now)))).toEqualTypeOf<
  Promise<number>
>();
expectTypeOf(
  all({ image: () => executor.call(render, { at: 1 }), at: () => executor.call(now) }),
).toEqualTypeOf<Promise<{ image: Uint8Array<ArrayBuffer>; at: number }>>();

// A reference has the type it is given.
expectTypeOf(remote<typeof render>("render")).toEqualTypeOf(render);

// What travels, in any nesting.
remote(
  "a",
  (v: { list: readonly (Date | null)[]; map: Map<string, Set<bigint>>; error: Error }) => void v,
);
remote("b", (v: [Float32Array, ArrayBuffer, RegExp, ...string[]]) => void v);
remote("c", (v: unknown): unknown => v);
// @ts-expect-error "its input does not travel": { done: "a function does not travel" }
remote("d", (v: { done: () => void }) => void v);
// @ts-expect-error "its result does not travel": { later: "a promise does not travel: await it" }
remote("e", () => ({ later: Promise.resolve(1) }));
// @ts-expect-error "its input does not travel": "a symbol does not travel"
remote("f", (v: symbol) => void v);
declare class Point {
  norm(): number;
}
// @ts-expect-error "its result does not travel": { norm: "a function does not travel" }
remote("g", (): Point => new Point());

// An error class, and how it is taken apart and put together.
declare class Secret extends Error {
  get key(): number;
}
registerError(Secret, { encode: ({ key }) => ({ key }), decode: ({ key }) => makeSecret(key) });
declare function makeSecret(key: number): Secret;
// @ts-expect-error no class of errors
registerError(Map);

expectTypeOf(inProcess({ render })).toEqualTypeOf<Executor>();
