/** A program as text that people read. */

import type { Clause, Handler, Matcher, Node, Program } from "./program.ts";

export function print(program: Program): string {
  const errors = program.nodes.map((node, number) => `${number} = ${printNode(node)}`);
  return [...errors, ...printWork(program)].join("\n");
}

function printNode({ is, members, cause, notes }: Node): string {
  const facts = [
    ...(cause === null ? [] : [`cause ${cause}`]),
    ...notes.map((note) => `note "${note}"`),
  ];
  const inside = members === undefined ? "" : `[${members.join(", ")}]`;
  return [is + inside, ...facts].join(", ");
}

function printWork(program: Program): string[] {
  switch (program.does) {
    case "derive":
      return [`derive(members ${program.members.join(", ")})`];
    case "divide":
      return [
        ...program.steps.map(({ does, matcher, follow }) => {
          const half = follow === 0 || does === "subgroup" ? "what was taken" : "the rest";
          return `${does}(${printMatcher(matcher)}), then ${half}`;
        }),
        ...(program.late ? ['a note "late" to the root'] : []),
      ];
    default:
      return ["exceptStar", ...printClauses(program.clauses, "  ")];
  }
}

function printClauses(clauses: readonly Clause[], indent: string): string[] {
  return clauses.flatMap(({ matcher, handler, later }) => {
    const inside = handler.does === "nest" ? printClauses(handler.clauses, `${indent}  `) : [];
    const how = later ? "later " : "";
    return [`${indent}on ${printMatcher(matcher)}: ${how}${printHandler(handler)}`, ...inside];
  });
}

function printHandler(handler: Handler): string {
  if ("number" in handler) return `${handler.does} ${handler.number}`;
  return "matcher" in handler ? `${handler.does} ${printMatcher(handler.matcher)}` : handler.does;
}

function printMatcher(matcher: Matcher): string {
  if ("classes" in matcher)
    return matcher.list ? `[${matcher.classes.join(", ")}]` : matcher.classes.join();
  return [matcher.says, matcher.number ?? []].flat().join(" ");
}
