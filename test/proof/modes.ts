/** The ways in which a cancellation comes. */

import {
  type CancellableTaskGroup,
  CancelledError,
  type Parked,
  shield,
  suspend,
  taskGroup,
  timeout,
  TimeoutError,
} from "joinery";
import type { Moments } from "./moments.ts";
import type { Stage } from "./stage.ts";

/** How the block around the scenario ended. */
export type Outcome =
  | { readonly how: "value"; readonly value: unknown }
  /** The cancellation ended at the edge where it was asked for. */
  | { readonly how: "absorbed" }
  | { readonly how: "threw"; readonly error: unknown };

/** One run: the scenario on its stage, and the moments at which it can be struck. */
interface Attempt {
  readonly stage: Stage;
  readonly moments: Moments;
  readonly scene: () => Promise<unknown>;
}

export interface Mode {
  readonly name: string;
  readonly at: "every moment" | "checkpoints" | "completions";
  /** Plays the scene inside a block that is struck at the moment of the attempt. */
  play(attempt: Attempt): Promise<Outcome>;
  /** Whether `leaf` of what came out is the cancellation itself. */
  brings?(leaf: unknown): boolean;
  /** Whether the scenario must not notice. */
  readonly unnoticed?: boolean;
}

type Body = (group: CancellableTaskGroup) => Promise<unknown>;

/** A group that can be cancelled, and says whether it was. */
async function cancellable(body: Body): Promise<Outcome> {
  const result = await taskGroup(body, { cancellable: true });
  return result.cancelled ? { how: "absorbed" } : { how: "value", value: result.value };
}

const cancel: Mode = {
  name: "a cancel",
  at: "every moment",
  play: ({ moments, scene }) =>
    cancellable((group) => {
      moments.begin(() => group.cancel("struck"));
      return scene();
    }),
};

const deadline: Mode = {
  name: "a deadline",
  at: "checkpoints",
  play: ({ stage, moments, scene }) =>
    timeout(Infinity, async (scope) => {
      let over = false;
      moments.begin(() => {
        if (!over) scope.reschedule(stage.clock.now());
      });
      return { how: "value", value: await scene().finally(() => (over = true)) };
    }),
  brings: (leaf) => leaf instanceof TimeoutError,
};

const struck = new Error("the sibling");

const failingSibling: Mode = {
  name: "a failing sibling",
  at: "checkpoints",
  async play({ stage, moments, scene }) {
    let fails = false;
    const outcome = await taskGroup(async (group): Promise<Outcome> => {
      let sibling: Parked<never> | undefined;
      const wait = (): Promise<never> =>
        fails ? Promise.reject(struck) : suspend<never>((parked) => void (sibling = parked));
      group.createTask(wait, { name: "sibling", background: true });
      const child = group.createTask(scene);
      moments.begin(() => (fails = sibling ? sibling.reject(struck) : true));
      return { how: "value", value: await child };
    }).catch((error: unknown): Outcome => ({ how: "threw", error }));
    if (fails) stage.raised.add(struck);
    return outcome;
  },
};

const doubleCancel: Mode = {
  name: "two cancels",
  at: "checkpoints",
  play: ({ moments, scene }) =>
    cancellable(async (outer) => {
      const inner = await cancellable(async (group) => {
        moments.begin(() => {
          group.cancel("first");
          group.cancel("again");
          moments.next(() => outer.cancel("outer"));
        });
        return group.createTask(scene);
      });
      return inner.how === "value" ? inner.value : undefined;
    }),
};

const sameTurn: Mode = {
  name: "a signal in the turn of a completion",
  at: "completions",
  play({ moments, scene }) {
    const controller = new AbortController();
    const body = async (): Promise<Outcome> => {
      moments.begin(() => controller.abort("struck"));
      return { how: "value", value: await scene() };
    };
    return taskGroup(body, { signal: controller.signal });
  },
  brings: (leaf) => leaf instanceof CancelledError && leaf.cause === "struck",
};

const shielded: Mode = {
  name: "a cancel outside of a shield",
  at: "checkpoints",
  unnoticed: true,
  async play({ moments, scene }) {
    let outcome: Outcome = { how: "absorbed" };
    await cancellable(async (group) => {
      moments.begin(() => group.cancel("struck"));
      outcome = { how: "value", value: await shield(scene, { within: Infinity }) };
    });
    return outcome;
  },
};

export const modes: readonly Mode[] = [
  cancel,
  deadline,
  failingSibling,
  doubleCancel,
  sameTurn,
  shielded,
];
