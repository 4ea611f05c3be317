/** A time at which a scope is cancelled. */

import { nextTurn } from "./clock.ts";
import { Scope } from "./scope.ts";
import { heard, type ScopeKind } from "./events.ts";
import type { Bucket, Timer } from "./timers.ts";

/** A scope with a deadline; `Infinity` is none. */
export class DeadlineScope extends Scope implements Timer {
  bucket: Bucket | undefined;
  earlier: Timer | undefined;
  later: Timer | undefined;
  deadline: number = Infinity;
  /** Whether the deadline passed while the scope was open. */
  passed = false;

  constructor(parent: Scope, name: string | undefined) {
    super(parent, parent.timers);
    this.givenName = name;
    if (heard.opened) this.reportThat("opened");
  }

  get kind(): ScopeKind {
    return "timeout";
  }

  /** Sets the deadline to the time `when` of the clock. */
  setDeadline(when: number): void {
    this.timers.clear(this);
    this.deadline = when;
    if (when > this.timers.clock.now()) {
      if (when < Infinity) this.timers.setAt(when, this);
    } else {
      // Over already: ahead of everything that the body will wait for, even of a `sleep(0)`.
      nextTurn(() => this.deadline === when && this.fire());
    }
  }

  fire(): void {
    if (this.closed) return;
    this.passed = true;
    this.requestCancel("deadline");
  }

  override close(): void {
    this.timers.clear(this);
    super.close();
  }
}

/** A scope that no cancellation from outside reaches. */
export class ShieldScope extends DeadlineScope {
  override get kind(): ScopeKind {
    return "shield";
  }

  override get shielded(): boolean {
    return true;
  }
}
