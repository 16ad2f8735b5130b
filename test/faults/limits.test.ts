import { afterAll, describe, expect, it } from "vitest";
import type { Fault } from "../../src/simulator/faults.ts";
import {
  answerOf,
  type ChainScene,
  chainScene,
  KINDS,
  type Kind,
  type SceneOptions,
  WHOLE,
} from "./chainScene.ts";
import { expectMoneyToAddUp, failureOf } from "./expectations.ts";
import { WaitlessClock } from "./waitlessClock.ts";

const scenes: ChainScene[] = [];
afterAll(async () => {
  for (const scene of scenes) await scene.close();
});

/** A chain whose first model is of this kind; each of its models has its fault, or none. */
async function sceneWith(
  kind: Kind,
  faults: readonly (Fault | undefined)[],
  options: Partial<SceneOptions> = {},
): Promise<ChainScene> {
  const [a = kind, b = kind] = KINDS.filter((other) => other !== kind);
  const scene = await chainScene({ kinds: [kind, a, b], ...options });
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

/** Side by side: most of their time is the limits themselves. */
describe.concurrent.each(KINDS)("with a provider of kind %s in front", (kind) => {
  it.each([
    ["no headers", { kind: "delayHeaders", ms: 60_000 }, "headers"],
    ["headers at once and then nothing", { kind: "slowFirstToken", ms: 60_000 }, "first-token"],
  ] as const)(
    "a slow call with %s is hung up at the limit, and only then is the next model asked",
    async (_, fault, phase) => {
      const scene = await sceneWith(kind, [fault], timeouts({ firstTokenMs: 300 }));
      const { text, summary } = await answerOf(scene);
      expect(text).toBe(WHOLE);
      expect(failureOf(summary.attempts[0])).toMatchObject({ kind: "timeout", phase });
      expect(summary.attempts[0]?.tookMs).toBeGreaterThanOrEqual(300);
      expect(summary.attempts[1]?.startedMs).toBeGreaterThanOrEqual(300);
      expect((await scene.simulator.nextClosedByClient()).model).toBe(scene.chain[0]?.model);
    },
  );

  it("a step's own limit replaces the one of the settings, for that step alone", async () => {
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

  it("a slow and steady stream is never cut: longer than every limit, each piece within the idle one", async () => {
    const limits = { firstTokenMs: 900, idleMs: 900, totalMs: 1000 };
    const scene = await sceneWith(kind, [{ kind: "slowTokens", ms: 12 }], timeouts(limits));
    const { text, summary } = await answerOf(scene);
    expect(text).toBe(WHOLE);
    expect(summary).toMatchObject({ ending: { kind: "complete" }, fallbackCount: 0 });
    expect(summary.tookMs).toBeGreaterThan(1000);
  });

  it("the total limit ends it all where nobody begins to answer, whatever a model may take", async () => {
    const silent: Fault = { kind: "delayHeaders", ms: 60_000 };
    const limits = { firstTokenMs: 60_000, totalMs: 800 };
    const scene = await sceneWith(kind, [silent, silent, silent], timeouts(limits));
    const answer = await answerOf(scene);
    expect(answer.summary.ending).toMatchObject({ kind: "failed", failure: { kind: "timeout" } });
    expect(scene.requestsSeen()).toEqual([1, 0, 0]);
    await expectMoneyToAddUp(scene, answer);
  });

  it("a wait that leaves the next model too little time is not waited for", async () => {
    const clock = new WaitlessClock();
    const fault: Fault = { kind: "status", status: 429, headers: { "retry-after": "20" } };
    // 20 s of waiting and 12 s for each model's first token are more than 30 s.
    const scene = await sceneWith(kind, [fault], {
      clock,
      ...timeouts({ firstTokenMs: 12_000, totalMs: 30_000 }),
    });
    expect((await answerOf(scene)).summary).toMatchObject({ ending: { kind: "complete" }, fallbackCount: 1 });
    expect(clock.waits).toEqual([]);
    expect(scene.requestsSeen()).toEqual([1, 1, 0]);
  });

  it("the last model waits for itself alone", async () => {
    const clock = new WaitlessClock();
    const gone: Fault = { kind: "status", status: 404 };
    const limited: Fault = { kind: "status", status: 429, headers: { "retry-after": "17" } };
    const scene = await sceneWith(kind, [gone, gone, limited], {
      clock,
      ...timeouts({ firstTokenMs: 12_000, totalMs: 30_000 }),
    });
    expect((await answerOf(scene)).summary.ending).toMatchObject({ failure: { kind: "rate-limited" } });
    expect(clock.waits).toEqual([17_000]);
  });
});
