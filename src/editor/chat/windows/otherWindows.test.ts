import { beforeEach, describe, expect, it } from "vitest";
import { ManualTimers } from "../../../../test/support/manualTimers.ts";
import { OtherWindows } from "./otherWindows.ts";

describe("OtherWindows", () => {
  let timers: ManualTimers;
  let listeners: Set<() => void>;
  let isWaiting: boolean;
  /** Resolves the sync that runs. */
  let finishSync: (() => void)[];
  let windows: OtherWindows;

  beforeEach(() => {
    timers = new ManualTimers();
    listeners = new Set();
    isWaiting = false;
    finishSync = [];
    windows = new OtherWindows({
      history: async () => ({
        onConversationsChange: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      }),
      sync: () => new Promise((resolve) => finishSync.push(resolve)),
      isWaiting: () => isWaiting,
      onError: (error) => {
        throw error;
      },
      startTimer: timers.start,
    });
  });

  const change = () => {
    for (const listener of listeners) listener();
  };
  const finish = async () => {
    finishSync.at(-1)?.();
    await new Promise(setImmediate);
  };

  it("listens and has no timer while the view is shown, and neither while it is hidden", async () => {
    await windows.watch();
    expect([listeners.size, timers.running]).toEqual([1, 0]);
    windows.pause();
    expect([listeners.size, timers.running]).toEqual([0, 0]);
  });

  it("looks again while it waits for an answer of another window, which may have been killed", async () => {
    isWaiting = true;
    await windows.watch();
    timers.fire();
    expect(finishSync).toHaveLength(1);
    await finish();
    expect(timers.running).toBe(1);
    windows.pause();
    expect(timers.running).toBe(0);
  });

  it("starts nothing for a view that is hidden before the ledger is open, or during a refresh", async () => {
    const opening = windows.watch();
    windows.pause();
    await opening;
    expect(listeners.size).toBe(0);
    await windows.watch();
    change();
    isWaiting = true;
    windows.pause();
    await finish();
    expect([finishSync.length, timers.running]).toEqual([1, 0]);
  });

  it("refreshes once more after changes during a refresh", async () => {
    await windows.watch();
    for (let n = 0; n < 5; n++) change();
    expect(finishSync).toHaveLength(1);
    await finish();
    expect(finishSync).toHaveLength(2);
    await finish();
    expect(finishSync).toHaveLength(2);
  });
});
