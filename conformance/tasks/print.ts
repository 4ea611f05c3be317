/** A program as text that people read. */

import type { Block, Program, Step, TaskNode } from "./program.ts";

export function print(program: Program): string {
  const cancels = program.cancels.map(({ at, task: target }) => `at ${at}: cancel task ${target}`);
  return [...task("main", program.main), ...cancels].join("\n");
}

function task(title: string, node: TaskNode): string[] {
  return [`${title} ${node.id}:`, ...indented(block(node.steps))];
}

function tasks(title: string, nodes: readonly TaskNode[]): string[] {
  return nodes.flatMap((each) => task(title, each));
}

function block(steps: Block): string[] {
  return steps.length === 0 ? ["nothing"] : steps.flatMap(step);
}

function titled(title: string, steps: Block): string[] {
  return [title, ...indented(block(steps))];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function step(node: Step): string[] {
  const text = texts[node.op] as (of: Step) => string[];
  const [head, ...rest] = text(node);
  return [`${String(node.id).padStart(3)} ${head}`, ...rest.map((line) => `    ${line}`)];
}

type Texts = { readonly [Op in Step["op"]]: (node: Extract<Step, { op: Op }>) => string[] };

const texts: Texts = {
  sleep: ({ ms }) => [`sleep ${ms}`],
  raise: ({ error }) => [`raise ${error}`],
  return: () => ["return"],
  cancel: (node) => [`cancel task ${node.task}`],
  await: (node) => [`await task ${node.task}`],
  reschedule: ({ ms }) => [`reschedule ${ms === null ? "away" : `${ms} from now`}`],
  spawn: (node) => ["spawn", ...task("task", node.task)],
  create: (node) => ["create", ...task("task", node.task)],
  group: ({ children, body }) => ["group", ...tasks("child", children), ...titled("body:", body)],
  gather: (node) => {
    const flags = (["returnExceptions", "handles", "twice"] as const).filter((flag) => node[flag]);
    return [["gather", ...flags].join(" "), ...tasks("item", node.items)];
  },
  wait: ({ returnWhen, timeout, items }) => {
    const within = timeout === null ? "" : ` within ${timeout}`;
    return [`wait ${returnWhen}${within}`, ...tasks("item", items)];
  },
  asCompleted: ({ items }) => ["asCompleted", ...tasks("item", items)],
  waitFor: ({ ms, body }) => [`waitFor ${ms}`, ...block(body)],
  timeout: ({ ms, body }) => [`timeout ${ms}`, ...block(body)],
  shield: ({ body }) => ["shield", ...block(body)],
  swallow: ({ body }) => ["swallow", ...block(body)],
  finally: ({ body, cleanup, shielded }) => [
    "try",
    ...block(body),
    ...titled(shielded ? "finally, shielded:" : "finally:", cleanup),
  ],
  except: ({ body, errors, handler }) => [
    "try",
    ...block(body),
    ...titled(`except ${errors.join(", ")}:`, handler),
  ],
  exceptStar: ({ body, clauses }) => [
    "try",
    ...block(body),
    ...clauses.flatMap(({ errors, handler }) => titled(`except* ${errors.join(", ")}:`, handler)),
  ],
};
