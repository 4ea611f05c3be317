/** What has been done so far. It is shown while the crawl goes on, and told at the end. */

import cliProgress from "cli-progress";

export class Tally {
  #found = 0;
  #read = 0;
  #again = 0;
  /** A bar on a terminal, and nothing elsewhere. */
  readonly #bar = new cliProgress.SingleBar({
    format: "{bar} {value} of {total} pages",
    hideCursor: true,
    clearOnComplete: true,
  });

  constructor() {
    this.#bar.start(0, 0);
  }

  found(): void {
    this.#bar.setTotal(++this.#found);
  }

  read(attempts: number): void {
    this.#bar.update(++this.#read);
    if (attempts > 1) this.#again++;
  }

  hideBar(): void {
    this.#bar.stop();
  }

  summary(): string {
    const again = this.#again === 0 ? "" : `, ${this.#again} of them not at the first attempt`;
    return `Read ${this.#read} of ${this.#found} pages${again}.`;
  }
}
