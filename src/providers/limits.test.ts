import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PhaseLimit } from "./limits.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the limit of a phase", () => {
  it("tells the phase and its limit once it has passed", () => {
    const passed = vi.fn();
    new PhaseLimit(passed).begin("headers", 100);
    vi.advanceTimersByTime(99);
    expect(passed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2);
    expect(passed).toHaveBeenCalledExactlyOnceWith("headers", 100);
  });

  it("runs on when the phase is renamed", () => {
    const passed = vi.fn();
    const limit = new PhaseLimit(passed);
    limit.begin("headers", 100);
    vi.advanceTimersByTime(60);
    limit.rename("first-token");
    vi.advanceTimersByTime(41);
    expect(passed).toHaveBeenCalledExactlyOnceWith("first-token", 100);
  });

  it("never passes while something comes within it, however slowly", () => {
    const passed = vi.fn();
    const limit = new PhaseLimit(passed);
    limit.begin("idle", 100);
    for (let at = 0; at < 50; at += 1) {
      vi.advanceTimersByTime(90);
      limit.alive();
    }
    expect(passed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(101);
    expect(passed).toHaveBeenCalledOnce();
  });

  it("takes a shorter limit at once, and sets no timer for an event", () => {
    const passed = vi.fn();
    const limit = new PhaseLimit(passed);
    limit.begin("first-token", 12_000);
    const timers = vi.spyOn(globalThis, "setTimeout");
    limit.begin("idle", 20_000);
    limit.alive();
    expect(timers).not.toHaveBeenCalled();
    limit.begin("idle", 50);
    vi.advanceTimersByTime(51);
    expect(passed).toHaveBeenCalledExactlyOnceWith("idle", 50);
  });

  it("does not count the time for which it is held", () => {
    const passed = vi.fn();
    const limit = new PhaseLimit(passed);
    limit.begin("idle", 100);
    limit.hold();
    vi.advanceTimersByTime(10_000);
    expect(passed).not.toHaveBeenCalled();
    limit.alive();
    vi.advanceTimersByTime(101);
    expect(passed).toHaveBeenCalledOnce();
  });

  it("is silent after it was stopped", () => {
    const passed = vi.fn();
    const limit = new PhaseLimit(passed);
    limit.begin("idle", 10);
    limit.stop();
    vi.advanceTimersByTime(1000);
    expect(passed).not.toHaveBeenCalled();
  });
});
