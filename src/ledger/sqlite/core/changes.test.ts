import { describe, expect, it, onTestFinished } from "vitest";
import { Changes } from "./changes.ts";

/** Changes from a source that the test controls, with a listener per topic that records its calls. */
function watched() {
  const source = { version: 1, budget: 0, health: 0, day: "2026-11-21", isReadable: true };
  const changes = new Changes(
    {
      dataVersion: () => source.version,
      fingerprints: () =>
        source.isReadable
          ? new Map([["budget", String(source.budget)] as const, ["health", String(source.health)] as const])
          : undefined,
      today: () => source.day,
    },
    1_000_000,
  );
  onTestFinished(() => changes.stop());
  const calls: string[] = [];
  const stops = (["budget", "health"] as const).map((topic) => changes.on(topic, () => calls.push(topic)));
  return { source, changes, calls, stops };
}

describe("listeners", () => {
  it("are called for their own topic only", async () => {
    const { changes, calls } = watched();
    changes.own("health");
    await Promise.resolve();
    expect(calls).toEqual(["health"]);
  });

  it("are called once for several changes in one task", async () => {
    const { changes, calls } = watched();
    changes.own("budget");
    changes.own("budget");
    await Promise.resolve();
    expect(calls).toEqual(["budget"]);
  });

  it("are called for a change by another process", async () => {
    const { source, changes, calls } = watched();
    source.version += 1;
    source.budget += 1;
    changes.poll();
    await Promise.resolve();
    expect(calls).toEqual(["budget"]);
  });

  it("are called for a change that another process makes at the same time as this one", async () => {
    const { source, changes, calls } = watched();
    source.budget += 1;
    changes.own("budget");
    await Promise.resolve();
    source.version += 1;
    source.budget += 1;
    changes.poll();
    await Promise.resolve();
    expect(calls).toEqual(["budget", "budget"]);
  });

  it("are called when another process restores the previous state", async () => {
    const { source, changes, calls } = watched();
    changes.own("health");
    await Promise.resolve();
    source.version += 1;
    changes.poll();
    await Promise.resolve();
    expect(calls).toEqual(["health", "health"]);
  });

  it("are called later for a change that cannot be read at first", async () => {
    const { source, changes, calls } = watched();
    source.version += 1;
    source.budget += 1;
    source.isReadable = false;
    changes.poll();
    source.isReadable = true;
    changes.poll();
    await Promise.resolve();
    expect(calls).toEqual(["budget"]);
  });

  it("are not called when another process writes anything else", async () => {
    const { source, changes, calls } = watched();
    source.version += 1;
    changes.poll();
    await Promise.resolve();
    expect(calls).toEqual([]);
  });

  it("are called for a new day, which starts with nothing spent", async () => {
    const { source, changes, calls } = watched();
    source.day = "2026-11-22";
    changes.poll();
    await Promise.resolve();
    expect(calls).toEqual(["budget"]);
  });

  it("are not called after they have stopped", async () => {
    const { changes, calls, stops } = watched();
    for (const stop of stops) stop();
    changes.own("budget");
    await Promise.resolve();
    expect(calls).toEqual([]);
  });
});
