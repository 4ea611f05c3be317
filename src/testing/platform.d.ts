// The few globals that this layer takes from the platform. Not published, as in the core.

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

declare const process:
  | {
      readonly env?: Readonly<Record<string, string | undefined>>;
      nextTick?(callback: () => void): void;
    }
  | undefined;
declare const console: { error(text: string): void };
declare function setTimeout(callback: () => void, ms: number): unknown;
declare function clearTimeout(handle: unknown): void;
declare function queueMicrotask(callback: () => void): void;
