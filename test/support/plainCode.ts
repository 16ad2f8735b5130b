import { vi } from "vitest";

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
