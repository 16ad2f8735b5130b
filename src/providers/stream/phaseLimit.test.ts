import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PhaseLimit } from "./phaseLimit.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("PhaseLimit", () => {
  it("reports the phase and its limit once it has expired", () => {
    const onExpired = vi.fn();
    new PhaseLimit(onExpired).begin("headers", 100);
    vi.advanceTimersByTime(99);
    expect(onExpired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2);
    expect(onExpired).toHaveBeenCalledExactlyOnceWith("headers", 100);
  });

  it("continues when the phase is renamed", () => {
    const onExpired = vi.fn();
    const limit = new PhaseLimit(onExpired);
    limit.begin("headers", 100);
    vi.advanceTimersByTime(60);
    limit.rename("first-token");
    vi.advanceTimersByTime(41);
    expect(onExpired).toHaveBeenCalledExactlyOnceWith("first-token", 100);
  });

  it("never expires while it begins again in time, however slowly", () => {
    const onExpired = vi.fn();
    const limit = new PhaseLimit(onExpired);
    limit.begin("idle", 100);
    for (let at = 0; at < 50; at += 1) {
      vi.advanceTimersByTime(90);
      limit.begin("idle", 100);
    }
    expect(onExpired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(101);
    expect(onExpired).toHaveBeenCalledOnce();
  });

  it("does not expire if an event is read in the turn after the limit, as after a pause of the process", () => {
    const onExpired = vi.fn();
    const limit = new PhaseLimit(onExpired);
    limit.begin("idle", 100);
    vi.advanceTimersToNextTimer();
    limit.begin("idle", 100);
    vi.advanceTimersByTime(99);
    expect(onExpired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2);
    expect(onExpired).toHaveBeenCalledExactlyOnceWith("idle", 100);
  });

  it("applies a shorter limit at once, and sets no timer for an event", () => {
    const onExpired = vi.fn();
    const limit = new PhaseLimit(onExpired);
    limit.begin("first-token", 12_000);
    limit.begin("idle", 20_000);
    const setTimer = vi.fn(setTimeout);
    // No spy: vitest restores spies after the last test, to what was there before them: the mocked timers.
    vi.stubGlobal("setTimeout", setTimer);
    limit.begin("idle", 20_000);
    vi.unstubAllGlobals();
    expect(setTimer).not.toHaveBeenCalled();
    limit.begin("idle", 50);
    vi.advanceTimersByTime(51);
    expect(onExpired).toHaveBeenCalledExactlyOnceWith("idle", 50);
    vi.advanceTimersByTime(20_000);
    expect(onExpired).toHaveBeenCalledOnce();
  });

  it("does not expire after it is stopped, until it begins again", () => {
    const onExpired = vi.fn();
    const limit = new PhaseLimit(onExpired);
    limit.begin("idle", 100);
    limit.stop();
    vi.advanceTimersByTime(10_000);
    expect(onExpired).not.toHaveBeenCalled();
    limit.begin("idle", 100);
    vi.advanceTimersByTime(101);
    expect(onExpired).toHaveBeenCalledOnce();
  });
});
