/** What joinery does with a program. */

import { exceptStar, ExceptionGroup, on } from "joinery";
import { addNote, classes, notesOf, type Description, type ErrorClass, Errors } from "./errors.ts";
import type { Clause, Handler, Matcher, Program, Step } from "./program.ts";

export type Outcome =
  | { readonly parts: readonly (readonly Description[])[] }
  | { readonly derived: Description }
  | { readonly log: readonly Handled[]; readonly left: Description };

/** A clause that ran, as `1` or, inside its handler, `1.0`, and the group that it got. */
interface Handled {
  readonly clause: string;
  readonly got: Description;
}

export async function interpret(program: Program): Promise<Outcome> {
  const errors = new Errors(program.nodes);
  const { root } = errors;
  if (program.does === "exceptStar") {
    const log: Handled[] = [];
    const left = await leftBy(errors, root, program.clauses, (entry) => log.push(entry));
    return { log, left: errors.describe(left) };
  }
  const group = root as unknown as ExceptionGroup;
  if (program.does === "derive") {
    const members = program.members.map((at) => group.errors[at % group.errors.length]!);
    return { derived: errors.describe(group.derive(members)) };
  }
  const parts = divide(group, program.steps);
  if (program.late) addNote(root, "late");
  return { parts: parts.map((halves) => halves.map((half) => errors.describe(half))) };
}

function divide(root: ExceptionGroup, steps: readonly Step[]): (Error | undefined)[][] {
  const parts: (Error | undefined)[][] = [];
  let rest: Error | undefined = root;
  for (const { does, matcher, follow } of steps) {
    if (!(rest instanceof ExceptionGroup)) break;
    const taken = asMatcher(matcher);
    const halves: (Error | undefined)[] =
      does === "split" ? rest.split(taken) : [rest.subgroup(taken)];
    parts.push(halves);
    rest = halves[follow % halves.length];
  }
  return parts;
}

type Log = (entry: Handled) => void;

/** What comes out of an `exceptStar`; `undefined` for nothing. */
async function leftBy(
  errors: Errors,
  error: Error,
  clauses: readonly Clause[],
  log: Log,
): Promise<Error | undefined> {
  const handled = clauses.map(({ matcher, handler, later }, at) => {
    const inside: Log = ({ clause, got }) => log({ clause: `${at}.${clause}`, got });
    const handle = (part: ExceptionGroup): void | Promise<void> => {
      log({ clause: String(at), got: errors.describe(part) });
      if (handler.does === "nest") return nest(errors, part, handler.clauses, inside);
      const thrown = thrownBy(errors, handler, part);
      if (thrown !== undefined) throw thrown;
    };
    return on(asMatcher(matcher), later ? async (part) => await handle(part) : handle);
  });
  return exceptStar(error, ...handled).then(
    () => undefined,
    (left: Error) => left,
  );
}

async function nest(...[errors, part, clauses, log]: Parameters<typeof leftBy>): Promise<void> {
  const left = await leftBy(errors, part, clauses, log);
  if (left !== undefined) throw left;
}

function thrownBy(
  errors: Errors,
  handler: Exclude<Handler, { does: "nest" }>,
  part: ExceptionGroup,
): Error | undefined {
  switch (handler.does) {
    case "return":
      return undefined;
    case "rethrow":
      return part;
    case "throw first leaf":
      return [...part][0];
    case "throw":
      return errors.at(handler.number);
    case "wrap":
      return new ExceptionGroup("wrapped", [part, errors.at(handler.number)]);
    default:
      return part.subgroup(asMatcher(handler.matcher));
  }
}

function asMatcher(matcher: Matcher): ErrorClass | ErrorClass[] | ((error: Error) => boolean) {
  if ("classes" in matcher) {
    const found = matcher.classes.map((name) => classes[name]!);
    return matcher.list ? found : found[0]!;
  }
  const { says, number } = matcher;
  return (error) => {
    if (says === "ends with") return error.message.endsWith(String(number));
    if (says === "has members") return membersOf(error).length === number;
    if (says === "has note a") return notesOf(error).includes("a");
    return says === "always";
  };
}

function membersOf(error: Error): readonly unknown[] {
  return error instanceof AggregateError ? error.errors : [];
}
