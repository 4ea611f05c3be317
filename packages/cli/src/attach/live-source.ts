/** A running program as what the page shows, and what `top` does. */

import { moveOnAfter, shield } from "joinery";
import { Failure } from "../failure.ts";
import type { FollowedSource } from "../inspector/source.ts";
import { Feed } from "./feed.ts";
import { attach } from "./target.ts";

export interface LiveSource extends FollowedSource {
  /** Resolves when the program has ended. */
  ended(): Promise<void>;
}

export interface LiveOptions {
  /** Milliseconds from one snapshot to the next. */
  every: number;
  /** Whether to tell all that happens as well. */
  events: boolean;
}

/** How long a program may take to begin. */
const patience = 5000;

/**
 * Has the program `pid` tell what goes on for as long as `body` runs. The inspector is open for no longer than it takes to
 * ask for that; what the program tells comes by a socket of its owner.
 *
 * Rejects with {@link Failure} as {@link attach} does, and if the event loop of the program does not turn.
 */
export async function withLiveSource<R>(
  pid: number,
  options: LiveOptions,
  body: (source: LiveSource) => Promise<R>,
): Promise<R> {
  const feed = await begin(pid, options);
  try {
    return await body({
      title: `process ${pid}`,
      follow(listener) {
        const stop = feed.follow(listener);
        return async () => stop();
      },
      ended: () => feed.ended.wait(),
    });
  } finally {
    await shield(() => feed.close(), { within: patience });
  }
}

async function begin(pid: number, options: LiveOptions): Promise<Feed> {
  return attach(pid, async (target) => {
    const feed = await Feed.open(target.owner);
    try {
      await target.startFeed({ path: feed.path, ...options });
      const { expired } = await moveOnAfter(patience, () => feed.begun.wait());
      if (!expired) return feed;
      throw new Failure(
        `Process ${pid} does not get to tell: its event loop does not turn. joinery pstree ${pid} shows the tree all the same.`,
      );
    } catch (error) {
      await shield(() => feed.close(), { within: patience });
      throw error;
    }
  });
}
