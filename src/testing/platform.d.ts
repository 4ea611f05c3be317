// The few globals that this layer takes from the platform. Not published, as in the core.

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** A page has none. */
// oxlint-disable-next-line no-var -- only a `var` is a property of `globalThis`
declare var process:
  | {
      readonly env?: Readonly<Record<string, string | undefined>>;
      readonly nextTick?: (this: void, callback: () => void) => void;
    }
  | undefined;
declare const console: { error(text: string): void };
declare function setTimeout(callback: () => void, ms: number): unknown;
declare function clearTimeout(handle: unknown): void;
declare function queueMicrotask(callback: () => void): void;
