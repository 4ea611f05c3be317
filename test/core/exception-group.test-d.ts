/** What the types of groups promise. Checked by `tsc`; nothing here runs. */
import { expectTypeOf } from "vitest";
import { type CancelledError, ExceptionGroup, exceptStar, on, TimeoutError } from "joinery";

class HttpError extends Error {
  readonly status: number = 500;
}
class DiskError extends Error {
  readonly path: string = "/";
}

declare const group: ExceptionGroup<HttpError | DiskError>;
declare function isHttp(error: unknown): error is HttpError;
declare function isDisk(error: Error): error is DiskError;

// 5: the constructor learns the types of its members, nested ones too.
expectTypeOf(new ExceptionGroup("g", [new HttpError()])).toEqualTypeOf<ExceptionGroup<HttpError>>();
expectTypeOf(
  new ExceptionGroup<HttpError | DiskError>("g", [
    new HttpError(),
    new ExceptionGroup("i", [new DiskError()]),
  ]),
).toEqualTypeOf<ExceptionGroup<HttpError | DiskError>>();

// 5: a class, an array of classes and a type guard narrow.
expectTypeOf(group.subgroup(HttpError)).toEqualTypeOf<ExceptionGroup<HttpError> | undefined>();
expectTypeOf(group.subgroup([HttpError, TimeoutError])).toEqualTypeOf<
  ExceptionGroup<HttpError | TimeoutError> | undefined
>();
expectTypeOf(group.subgroup(isHttp)).toEqualTypeOf<ExceptionGroup<HttpError> | undefined>();
expectTypeOf(group.subgroup(isDisk)).toEqualTypeOf<ExceptionGroup<DiskError> | undefined>();
expectTypeOf(group.subgroup((error) => error instanceof HttpError)).toEqualTypeOf<
  ExceptionGroup<HttpError> | undefined
>();

// 5: a plain predicate tells nothing, so the part holds what the group held.
expectTypeOf(group.subgroup((error) => error.message === "m")).toEqualTypeOf<
  ExceptionGroup<HttpError | DiskError> | undefined
>();

// 5: the rest is not narrowed: classes of the same shape would be taken for one another.
expectTypeOf(group.split(HttpError)).toEqualTypeOf<
  [
    matched: ExceptionGroup<HttpError> | undefined,
    rest: ExceptionGroup<HttpError | DiskError> | undefined,
  ]
>();

// 5: iteration yields the leaves.
for (const error of group) expectTypeOf(error).toEqualTypeOf<HttpError | DiskError>();
expectTypeOf(group.exceptions).toEqualTypeOf<
  readonly (HttpError | DiskError | ExceptionGroup<HttpError | DiskError>)[]
>();
expectTypeOf(group).toExtend<AggregateError>();
expectTypeOf<ExceptionGroup<HttpError>>().toExtend<ExceptionGroup>();

// 5: on() types the parameter of its handler.
on(HttpError, (part) => expectTypeOf(part).toEqualTypeOf<ExceptionGroup<HttpError>>());
on([HttpError, DiskError], (part) =>
  expectTypeOf(part).toEqualTypeOf<ExceptionGroup<HttpError | DiskError>>(),
);
on(isDisk, async (part) => expectTypeOf(part).toEqualTypeOf<ExceptionGroup<DiskError>>());
on(
  (error) => error.message === "m",
  (part) => expectTypeOf(part).toEqualTypeOf<ExceptionGroup>(),
);
expectTypeOf(
  exceptStar(
    group,
    on(HttpError, () => 1),
  ),
).toEqualTypeOf<Promise<void>>();

// @ts-expect-error: members have to be errors.
void new ExceptionGroup("g", ["text"]);
// @ts-expect-error: a group cannot be renamed.
group.name = "other";
// @ts-expect-error: the members cannot be replaced.
group.errors = [];
// @ts-expect-error: the members cannot be added to.
group.exceptions.push(new HttpError());
// @ts-expect-error: a string is no matcher.
group.subgroup("HttpError");
// @ts-expect-error: the classes have to make errors.
group.subgroup([Map]);
// @ts-expect-error: a clause needs a handler.
on(HttpError);
// @ts-expect-error: clauses come from on().
void exceptStar(group, HttpError);

declare const cancelled: ExceptionGroup<CancelledError>;
expectTypeOf(cancelled.errors[0]).toEqualTypeOf<
  CancelledError | ExceptionGroup<CancelledError> | undefined
>();
