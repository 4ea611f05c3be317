/** A lock as anybody can write one, and other things to wait for. */

import { suspend, type Parked, type Resource, type Task } from "joinery";

export class PlainLock implements Resource {
  readonly kind = "lock";
  readonly name: string;
  owners: Task<unknown>[] = [];
  readonly #waiting: [Task<unknown>, Parked<void>][] = [];

  constructor(name: string) {
    this.name = name;
  }

  holders(): Task<unknown>[] {
    return this.owners;
  }

  /** For `task`; whoever waits is woken in order. */
  async acquire(task: Task<unknown>): Promise<void> {
    if (this.owners.length === 0) return void (this.owners = [task]);
    await suspend<void>((wait) => void this.#waiting.push([task, wait]), { resource: this });
  }

  release(): void {
    this.owners = [];
    const [next] = this.#waiting.splice(0, 1);
    if (next === undefined) return;
    this.owners = [next[0]];
    next[1].resolve();
  }
}
