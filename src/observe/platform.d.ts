// The few globals that this layer takes from the platform. Not published, as in the core.

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

interface ErrorConstructor {
  /** Of V8. */
  stackTraceLimit: number | undefined;
}

declare const performance: { now(): number };
declare const console: { error(text: string): void };
declare function setInterval(callback: () => void, ms: number): unknown;
declare function clearInterval(timer: unknown): void;
