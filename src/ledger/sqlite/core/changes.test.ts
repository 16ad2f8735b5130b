import { describe, expect, it, onTestFinished } from "vitest";
import { Changes } from "./changes.ts";

/** A source whose figures the test sets, and what each topic's listener heard. */
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
  const heard: string[] = [];
  const stops = (["budget", "health"] as const).map((topic) => changes.on(topic, () => heard.push(topic)));
  return { source, changes, heard, stops };
}

describe("listeners", () => {
  it("hear of their own topic, and of no other", async () => {
    const { changes, heard } = watched();
    changes.own("health");
    await Promise.resolve();
    expect(heard).toEqual(["health"]);
  });

  it("hear once of what happens in one go", async () => {
    const { changes, heard } = watched();
    changes.own("budget");
    changes.own("budget");
    await Promise.resolve();
    expect(heard).toEqual(["budget"]);
  });

  it("hear what another process changed", async () => {
    const { source, changes, heard } = watched();
    source.version += 1;
    source.budget += 1;
    changes.poll();
    await Promise.resolve();
    expect(heard).toEqual(["budget"]);
  });

  it("hear what another process changed at the same time as this one", async () => {
    const { source, changes, heard } = watched();
    source.budget += 1;
    changes.own("budget");
    await Promise.resolve();
    source.version += 1;
    source.budget += 1;
    changes.poll();
    await Promise.resolve();
    expect(heard).toEqual(["budget", "budget"]);
  });

  it("hear what another process changed back to what it was", async () => {
    const { source, changes, heard } = watched();
    changes.own("health");
    await Promise.resolve();
    source.version += 1;
    changes.poll();
    await Promise.resolve();
    expect(heard).toEqual(["health", "health"]);
  });

  it("hear later of a change that cannot be looked at just now", async () => {
    const { source, changes, heard } = watched();
    source.version += 1;
    source.budget += 1;
    source.isReadable = false;
    changes.poll();
    source.isReadable = true;
    changes.poll();
    await Promise.resolve();
    expect(heard).toEqual(["budget"]);
  });

  it("hear nothing where another process wrote what is no topic of theirs", async () => {
    const { source, changes, heard } = watched();
    source.version += 1;
    changes.poll();
    await Promise.resolve();
    expect(heard).toEqual([]);
  });

  it("hear of a new day, which begins with nothing spent", async () => {
    const { source, changes, heard } = watched();
    source.day = "2026-11-22";
    changes.poll();
    await Promise.resolve();
    expect(heard).toEqual(["budget"]);
  });

  it("hear nothing once they have stopped", async () => {
    const { changes, heard, stops } = watched();
    for (const stop of stops) stop();
    changes.own("budget");
    await Promise.resolve();
    expect(heard).toEqual([]);
  });
});
