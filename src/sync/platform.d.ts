// The one global that the types of the core take from the platform, as `core/platform.d.ts` has it.
// Not published.

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}
