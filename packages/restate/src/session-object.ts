/** The session of an executor, as Restate keeps it: open for as long as the caller beats (Y4). */

import {
  handlers,
  object,
  type ObjectContext,
  type ObjectSharedContext,
  rpc,
  type VirtualObjectDefinition,
} from "@restatedev/restate-sdk";
import type { Beat, BeatAnswer, Begun, SessionObject } from "./protocol.ts";

/** What is stored. Nothing is stored of a session that is over. */
type Stored = { beat: number; begun: readonly Begun[] };

type Session = ObjectContext<Stored>;

export type SessionDefinition = VirtualObjectDefinition<string, SessionObject>;

export function sessionDefinition(name: string): SessionDefinition {
  const definition: unknown = object({
    name,
    handlers: {
      beat: (session: Session, beat: Beat) => onBeat(name, session, beat),

      async expire(session: Session, number: number): Promise<void> {
        if ((await session.get("beat")) === number) session.clearAll();
      },

      look: handlers.object.shared(
        async (session: ObjectSharedContext<Stored>): Promise<boolean> =>
          (await session.get("beat")) !== null,
      ),

      async report(session: Session, begun: readonly Begun[]): Promise<void> {
        if ((await session.get("beat")) === null) return;
        session.set("begun", [...((await session.get("begun")) ?? []), ...begun]);
      },

      async close(session: Session): Promise<void> {
        session.clearAll();
      },
    },
    options: { journalRetention: 0 },
  });
  return definition as SessionDefinition;
}

async function onBeat(
  service: string,
  session: Session,
  { number, within }: Beat,
): Promise<BeatAnswer> {
  const open = number === 1 || (await session.get("beat")) !== null;
  if (!open) return { open, begun: [] };
  const begun = (await session.get("begun")) ?? [];
  session.set("beat", number);
  session.clear("begun");
  session
    .objectSendClient<SessionObject>({ name: service }, session.key)
    .expire(number, rpc.sendOpts({ delay: within }));
  return { open, begun };
}
