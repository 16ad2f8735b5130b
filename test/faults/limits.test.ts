import { afterAll, describe, expect, it } from "vitest";
import type { Fault } from "../../src/simulator/faults.ts";
import { InstantClock } from "../support/instantClock.ts";
import { expectSettled, failureOf } from "./expectations.ts";
import {
  answerOf,
  COMPLETE_TEXT,
  KINDS,
  type Kind,
  startTestChain,
  type TestChain,
  type TestChainOptions,
} from "./testChain.ts";

const scenes: TestChain[] = [];
afterAll(async () => {
  for (const scene of scenes) await scene.close();
});

/** A chain with a first model of this kind, and a fault or none for each model. */
async function sceneWith(
  kind: Kind,
  faults: readonly (Fault | undefined)[],
  options: Partial<TestChainOptions> = {},
): Promise<TestChain> {
  const [a = kind, b = kind] = KINDS.filter((other) => other !== kind);
  const scene = await startTestChain({ kinds: [kind, a, b], ...options });
  scenes.push(scene);
  for (const [at, fault] of faults.entries()) {
    const model = scene.chain[at]?.model;
    if (fault !== undefined && model !== undefined)
      scene.simulator.injectFault({ model, times: "always", fault });
  }
  return scene;
}

const timeouts = (limits: Readonly<Record<string, number>>) => ({
  settings: { "switchyard.timeouts": limits },
});

/** They run concurrently, because they wait for their limits. */
describe.concurrent.each(KINDS)("a chain that starts with a provider of kind %s", (kind) => {
  it.each([
    ["no headers", { kind: "delayHeaders", ms: 60_000 }, "headers"],
    ["headers and then nothing", { kind: "slowFirstToken", ms: 60_000 }, "first-token"],
  ] as const)(
    "cancels a call with %s at the limit, and then asks the next model",
    async (_, fault, phase) => {
      const scene = await sceneWith(kind, [fault], timeouts({ firstTokenMs: 300, idleMs: 300 }));
      const { text, summary } = await answerOf(scene);
      expect(text).toBe(COMPLETE_TEXT);
      expect(failureOf(summary.attempts[0])).toMatchObject({ kind: "timeout", phase });
      expect(summary.attempts[0]?.tookMs).toBeGreaterThanOrEqual(300);
      expect(summary.attempts[1]?.startedMs).toBeGreaterThanOrEqual(300);
      expect((await scene.simulator.nextClosedByClient()).model).toBe(scene.chain[0]?.model);
    },
  );

  it("prefers a model's own limit to that of the settings", async () => {
    const fault: Fault = { kind: "slowFirstToken", ms: 900 };
    const scene = await sceneWith(kind, [fault, fault], {
      ...timeouts({ firstTokenMs: 300 }),
      timeoutsMs: [5000, undefined, undefined],
    });
    expect((await answerOf(scene)).summary).toMatchObject({
      modelUsed: scene.chain[0]?.ref,
      fallbackCount: 0,
    });
  });

  it("does not cut a steady stream that takes longer than every limit", async () => {
    const limits = { firstTokenMs: 900, idleMs: 900, totalMs: 1000 };
    const scene = await sceneWith(kind, [{ kind: "slowTokens", ms: 12 }], timeouts(limits));
    const { text, summary } = await answerOf(scene);
    expect(text).toBe(COMPLETE_TEXT);
    expect(summary).toMatchObject({ ending: { kind: "complete" }, fallbackCount: 0 });
    expect(summary.tookMs).toBeGreaterThan(1000);
  });

  it("ends at the total limit if no model begins to answer", async () => {
    const silent: Fault = { kind: "delayHeaders", ms: 60_000 };
    const limits = { firstTokenMs: 60_000, totalMs: 800 };
    const scene = await sceneWith(kind, [silent, silent, silent], timeouts(limits));
    const answer = await answerOf(scene);
    expect(answer.summary.ending).toMatchObject({ kind: "failed", failure: { kind: "timeout" } });
    expect(scene.requestsSeen()).toEqual([1, 0, 0]);
    await expectSettled(scene, answer);
  });

  it("skips a retry that would leave the next model too little time", async () => {
    const clock = new InstantClock();
    const fault: Fault = { kind: "status", status: 429, headers: { "retry-after": "20" } };
    // A wait of 20 s and 12 s for a first token exceed 30 s.
    const scene = await sceneWith(kind, [fault], {
      clock,
      ...timeouts({ firstTokenMs: 12_000, totalMs: 30_000 }),
    });
    expect((await answerOf(scene)).summary).toMatchObject({ ending: { kind: "complete" }, fallbackCount: 1 });
    expect(clock.waits).toEqual([]);
    expect(scene.requestsSeen()).toEqual([1, 1, 0]);
  });

  it("waits for a retry of the last model if its own time allows it", async () => {
    const clock = new InstantClock();
    const notFound: Fault = { kind: "status", status: 404 };
    const limited: Fault = { kind: "status", status: 429, headers: { "retry-after": "17" } };
    const scene = await sceneWith(kind, [notFound, notFound, limited], {
      clock,
      ...timeouts({ firstTokenMs: 12_000, totalMs: 30_000 }),
    });
    expect((await answerOf(scene)).summary.ending).toMatchObject({ failure: { kind: "rate-limited" } });
    expect(clock.waits).toEqual([17_000]);
  });
});
