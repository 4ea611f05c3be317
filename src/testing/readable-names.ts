import type { ScopeInfo } from "../core/index.ts";

/**
 * Names that are the same in every run. A scope without a name is called by the number that it has in the
 * process, which depends on what came before; here it gets one among those of its kind.
 */
export class ReadableNames {
  readonly #known = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  of({ id, name }: ScopeInfo): string {
    const ending = `-${id}`;
    if (!name.endsWith(ending)) return name;
    let readable = this.#known.get(name);
    if (readable === undefined) {
      const kind = name.slice(0, -ending.length);
      const count = (this.#counts.get(kind) ?? 0) + 1;
      this.#counts.set(kind, count);
      this.#known.set(name, (readable = `${kind}-${count}`));
    }
    return readable;
  }

  /** `text` with the names in it that are known. */
  in(text: string): string {
    return text.replaceAll(/[^\s"]+-\d+/g, (name) => this.#known.get(name) ?? name);
  }
}
