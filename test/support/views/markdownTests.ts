import { vi } from "vitest";

/** Property tests of Markdown take 2 s of processor time, which may be half a minute and more on a busy machine. */
export const propertyTimeoutMs = 120_000;

/** Keeps code in one colour until `vi.unstubAllGlobals`: no element comes into view, and only visible code is coloured. */
export function keepCodePlain(): void {
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
}
