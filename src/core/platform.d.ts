// The few globals that the core takes from the platform, so that it compiles against neither the
// DOM's nor Node's types. Not published: in a program they come from the program's own libraries.

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
}

declare class MessageChannel {
  readonly port1: { onmessage: (() => void) | null };
  readonly port2: { postMessage(message: null): void };
}

declare const performance: { readonly timeOrigin: number; now(): number };
declare const console: { warn(text: string): void };
declare function setTimeout(callback: () => void, ms: number): unknown;
declare function clearTimeout(handle: unknown): void;
declare const setImmediate: ((callback: () => void) => unknown) | undefined;

interface ImportMeta {
  /** A bundle that is no module has none. */
  readonly url?: string;
}
