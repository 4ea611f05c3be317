// The few globals that this layer takes from the platform. Not published, as in the core.

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

declare class DOMException extends Error {
  constructor(message: string, name: string);
}

declare const crypto: { getRandomValues(bytes: Uint8Array): Uint8Array };
declare function setTimeout(callback: () => void, ms: number): unknown;
declare function clearTimeout(handle: unknown): void;
declare function atob(text: string): string;
declare function btoa(bytes: string): string;
declare function structuredClone<T>(value: T, options: { transfer: readonly object[] }): T;
