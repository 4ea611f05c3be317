/** One cancellation, from the one who asked down the tree: whom it stopped, whom it did not reach, who resists. */

import type { ScopeSnapshot, Snapshot } from "joinery/observe";
import type { Cancellation } from "../model/cancellation.ts";
import type { History } from "../model/history.ts";
import { isNamed, type Life, titleOf } from "../model/life.ts";
import { sourceWords, stem } from "../parts/words.ts";

/**
 * `asker`: who asked. `passed`: a block it went through. `wall`: a shield. `sheltered`: behind one.
 * `resisting`: not over, though nothing that was asked to stop holds it up. `held-up`: not over, and
 * waits for such a one. `stopped`, `returned`, `failed`: over, and how.
 */
export type Role =
  | "asker"
  | "passed"
  | "wall"
  | "sheltered"
  | "resisting"
  | "held-up"
  | "cleaning-up"
  | "stopped"
  | "returned"
  | "failed";

export interface WaveNode {
  readonly key: string;
  readonly title: string;
  readonly role: Role;
  /** The scope that it was asked of. */
  readonly isOrigin: boolean;
  /** One, or those that look alike; none for an asker that is no task. */
  readonly scopes: readonly number[];
  /** Until it was over, or till now; of many, the longest. `null` for what has not to end. */
  readonly took: number | null;
  /** How often it was told, if it caught that. */
  readonly swallowed: number;
  readonly children: WaveNode[];
}

export interface Wave {
  readonly cancellation: Cancellation;
  readonly root: WaveNode;
  /** How many tasks of each role. */
  readonly counts: ReadonlyMap<Role, number>;
  readonly swallowed: number;
}

/** Fewer that look alike are shown one by one. */
const many = 4;
/** What is deeper is left out: nobody reads so far. */
const deepest = 60;

export function waveOf(
  cancellation: Cancellation,
  history: History,
  snapshot: Snapshot | null,
): Wave {
  return new WaveReader(cancellation, history, snapshot).read();
}

class WaveReader {
  readonly #cancellation: Cancellation;
  readonly #history: History;
  readonly #now: number;
  readonly #live: ReadonlyMap<number, ScopeSnapshot>;
  readonly #counts = new Map<Role, number>();

  constructor(cancellation: Cancellation, history: History, snapshot: Snapshot | null) {
    this.#cancellation = cancellation;
    this.#history = history;
    this.#now = snapshot?.time ?? history.end;
    this.#live = new Map((snapshot?.scopes ?? []).map((scope) => [scope.id, scope]));
  }

  read(): Wave {
    const { by, source } = this.#cancellation;
    const root: WaveNode = {
      key: "asker",
      title: by?.name ?? sourceWords[source],
      role: "asker",
      isOrigin: false,
      scopes: by?.id ? [by.id] : [],
      took: null,
      swallowed: 0,
      children: this.#reached(),
    };
    const cancellation = this.#cancellation;
    return { cancellation, root, counts: this.#counts, swallowed: cancellation.swallowed.size };
  }

  /** The tree below the scope that it was asked of; all that it has reached, if that is not known. */
  #reached(): WaveNode[] {
    const { origin, id } = this.#cancellation;
    const life = this.#history.lives.get(origin ?? 0);
    if (life) return [this.#node(life, false, 0)];
    const reached = [...this.#live.values()].filter((each) => each.cancellation === id);
    const tops = reached.filter(({ parent }) => this.#live.get(parent ?? 0)?.cancellation !== id);
    return tops.flatMap(({ id: top }) => this.#nodes(this.#history.lives.get(top), false, 0));
  }

  #node(life: Life, isSheltered: boolean, depth: number): WaveNode {
    const role = this.#roleOf(life, isSheltered);
    if (life.kind === "task") this.#counts.set(role, (this.#counts.get(role) ?? 0) + 1);
    const { at, swallowed, origin } = this.#cancellation;
    const end = life.closedAt ?? this.#now;
    const hasToEnd = life.kind === "task" && role !== "sheltered";
    return {
      key: `${life.id}`,
      title: titleOf(life),
      role,
      isOrigin: life.id === origin,
      scopes: [life.id],
      took: hasToEnd ? Math.max(0, end - at) : null,
      swallowed: swallowed.get(life.id)?.times ?? 0,
      children: this.#below(life, isSheltered || role === "wall", depth),
    };
  }

  #below({ id }: Life, isSheltered: boolean, depth: number): WaveNode[] {
    if (depth === deepest) return [];
    const { at } = this.#cancellation;
    const concerned = this.#history
      .childrenOf(id)
      .filter(({ closedAt }) => closedAt === null || closedAt >= at);
    return together(concerned.flatMap((child) => this.#nodes(child, isSheltered, depth + 1)));
  }

  /** A block without a name is nothing to see: what is in it stands in its place. */
  #nodes(life: Life | undefined, isSheltered: boolean, depth: number): WaveNode[] {
    if (!life) return [];
    const isPlain = life.kind !== "shield" && life.id !== this.#cancellation.origin;
    if (isPlain && !isNamed(life)) return this.#below(life, isSheltered, depth);
    return [this.#node(life, isSheltered, depth)];
  }

  #roleOf(life: Life, isSheltered: boolean): Role {
    if (life.kind === "shield") return "wall";
    if (isSheltered) return "sheltered";
    if (life.kind !== "task") return "passed";
    if (life.closedAt !== null)
      return life.outcome === "done"
        ? "returned"
        : life.outcome === "failed"
          ? "failed"
          : "stopped";
    const live = this.#live.get(life.id);
    if (live?.state === "cleaning-up") return "cleaning-up";
    const isPending = (id: number): boolean => this.#live.get(id)?.cancellation != null;
    return live?.waits.some(({ tasks }) => tasks.some(isPending)) ? "held-up" : "resisting";
  }
}

function together(nodes: readonly WaveNode[]): WaveNode[] {
  const byLook = new Map<string, WaveNode[]>();
  for (const node of nodes) {
    const { title, role, swallowed, children, key } = node;
    const look = children.length > 0 ? key : `${role} ${stem(title)} ${swallowed > 0}`;
    const alike = byLook.get(look);
    if (alike) alike.push(node);
    else byLook.set(look, [node]);
  }
  return [...byLook.values()].flatMap((alike) => (alike.length < many ? alike : [merged(alike)]));
}

function merged(alike: readonly WaveNode[]): WaveNode {
  const [first] = alike as [WaveNode];
  const took = alike.map((node) => node.took).filter((each) => each !== null);
  return {
    ...first,
    key: `${first.key}+`,
    title: `${stem(first.title)} × ${alike.length}`,
    scopes: alike.flatMap(({ scopes }) => scopes),
    took: took.length > 0 ? Math.max(...took) : null,
    swallowed: Math.max(...alike.map(({ swallowed }) => swallowed)),
  };
}
