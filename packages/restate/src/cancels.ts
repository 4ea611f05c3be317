import type { WireError } from "joinery/executor";
import type { RestateIngress } from "./ingress.ts";
import type { CancelOrder } from "./protocol.ts";
import type { Session } from "./session.ts";

/** Sends cancels: those of one turn that have the same reason are one request. */
export class Cancels {
  readonly #ingress: RestateIngress;
  #waiting = new Map<WireError, Map<Session, number[]>>();

  constructor(ingress: RestateIngress) {
    this.#ingress = ingress;
  }

  add(session: Session, number: number, why: WireError): void {
    if (this.#waiting.size === 0) setImmediate(() => this.#flush());
    const sessions = this.#waiting.get(why) ?? new Map<Session, number[]>();
    this.#waiting.set(why, sessions);
    const numbers = sessions.get(session) ?? [];
    sessions.set(session, numbers);
    numbers.push(number);
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    for (const [why, sessions] of waiting)
      for (const [session, numbers] of sessions)
        this.#send(session, { session: session.id, numbers, why });
  }

  /** It is repeated until it arrives, or the session is lost: then the lease is what cancels. */
  #send(session: Session, order: CancelOrder): void {
    session.request((signal) => this.#ingress.cancel(order, signal)).catch(() => {});
  }
}
