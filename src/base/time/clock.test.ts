import { describe, expect, it } from "vitest";
import { systemClock } from "./clock.ts";

describe("the system clock's sleep", () => {
  it("resolves after the time", async () => {
    const before = performance.now();
    await systemClock.sleep(5, new AbortController().signal);
    // Timers may fire up to a millisecond early.
    expect(performance.now() - before).toBeGreaterThanOrEqual(4);
  });

  it("resolves at once if the signal is aborted already", async () => {
    await systemClock.sleep(86_400_000, AbortSignal.abort());
  });

  it("resolves when the signal is aborted", async () => {
    const aborter = new AbortController();
    const slept = systemClock.sleep(86_400_000, aborter.signal);
    aborter.abort();
    await slept;
  });
});
