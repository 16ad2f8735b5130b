import { setImmediate as turn } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Clock } from "../../../src/base/time/clock.ts";
import type { TimeoutPhase } from "../../../src/contract/failure.ts";
import type { Fault } from "../../../src/simulator/faults.ts";
import type { CollectedAnswer } from "../../support/collectAnswer.ts";
import { InstantClock } from "../../support/instantClock.ts";
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

/** No call takes so long unless the test lets the time pass. */
const LIMIT_MS = 100_000;

/** A clock whose time passes with the timers of this process. */
const clock: Clock = { now: () => Date.now(), sleep: async (ms) => void vi.advanceTimersByTime(ms) };

// Time also passes by itself, so that no test waits for ever.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], shouldAdvanceTime: true });
});
afterEach(() => void vi.useRealTimers());

describe.each(KINDS)("a chain that starts with a provider of kind %s", (kind) => {
  it("cancels a call without headers at the limit, and then asks the next model", async () => {
    const fault: Fault = { kind: "delayHeaders", ms: 60_000 };
    const scene = await sceneWith(kind, [fault], { clock, ...timeouts({ firstTokenMs: LIMIT_MS }) });
    const answering = answerOf(scene);
    await scene.simulator.nextRequest();
    await expectToFailOver(scene, answering, "headers");
  });

  it("cancels a call with headers and no token at the limit, and then asks the next model", async () => {
    const fault: Fault = { kind: "slowFirstToken", ms: 60_000 };
    const received = Promise.withResolvers<void>();
    const scene = await sceneWith(kind, [fault], {
      clock,
      ...timeouts({ firstTokenMs: LIMIT_MS }),
      onReceived: () => received.resolve(),
    });
    const answering = answerOf(scene);
    await received.promise;
    await expectToFailOver(scene, answering, "first-token");
  });

  it("prefers a model's own limit to that of the settings", async () => {
    const fault: Fault = { kind: "slowFirstToken", ms: 1 };
    const scene = await sceneWith(kind, [fault, fault], {
      clock,
      ...timeouts({ firstTokenMs: LIMIT_MS }),
      timeoutsMs: [20 * LIMIT_MS, undefined, undefined],
      // Between the headers and the first token, the limit of the settings passes.
      onReceived: (what) => what === "headers" && vi.advanceTimersByTime(2 * LIMIT_MS),
    });
    expect((await answerOf(scene)).summary).toMatchObject({
      modelUsed: scene.chain[0]?.ref,
      fallbackCount: 0,
    });
  });

  it("does not cut a steady stream that takes longer than every limit", async () => {
    const limits = { firstTokenMs: LIMIT_MS, idleMs: LIMIT_MS, totalMs: 1.2 * LIMIT_MS };
    const scene = await sceneWith(kind, [{ kind: "slowTokens", ms: 1 }], {
      clock,
      ...timeouts(limits),
      onReceived: (what) => what === "body" && vi.advanceTimersByTime(0.3 * LIMIT_MS),
    });
    const { text, summary } = await answerOf(scene);
    expect(text).toBe(COMPLETE_TEXT);
    expect(summary).toMatchObject({ ending: { kind: "complete" }, fallbackCount: 0 });
    expect(summary.tookMs).toBeGreaterThan(1.2 * LIMIT_MS);
  });

  it("ends at the total limit if no model begins to answer", async () => {
    const silent: Fault = { kind: "delayHeaders", ms: 60_000 };
    const limits = { firstTokenMs: 10 * LIMIT_MS, totalMs: LIMIT_MS };
    const scene = await sceneWith(kind, [silent, silent, silent], { clock, ...timeouts(limits) });
    const answering = answerOf(scene);
    await scene.simulator.nextRequest();
    vi.advanceTimersByTime(LIMIT_MS);
    const answer = await answering;
    expect(answer.summary.ending).toMatchObject({ kind: "failed", failure: { kind: "timeout" } });
    expect(scene.requestsSeen()).toEqual([1, 0, 0]);
    await expectSettled(scene, answer);
  });

  it("skips a retry that would leave the next model too little time", async () => {
    const instant = new InstantClock();
    const fault: Fault = { kind: "status", status: 429, headers: { "retry-after": "3" } };
    // A wait of 3 s and 14 s for the first token of each model exceed 30 s.
    const scene = await sceneWith(kind, [fault], {
      clock: instant,
      ...timeouts({ firstTokenMs: 14_000, totalMs: 30_000 }),
    });
    expect((await answerOf(scene)).summary).toMatchObject({ ending: { kind: "complete" }, fallbackCount: 1 });
    expect(instant.waits).toEqual([]);
    expect(scene.requestsSeen()).toEqual([1, 1, 0]);
  });

  it("waits for a retry of the last model if its own time allows it", async () => {
    const instant = new InstantClock();
    const notFound: Fault = { kind: "status", status: 404 };
    const limited: Fault = { kind: "status", status: 429, headers: { "retry-after": "17" } };
    const scene = await sceneWith(kind, [notFound, notFound, limited], {
      clock: instant,
      ...timeouts({ firstTokenMs: 12_000, totalMs: 30_000 }),
    });
    expect((await answerOf(scene)).summary.ending).toMatchObject({ failure: { kind: "rate-limited" } });
    expect(instant.waits).toEqual([17_000]);
  });
});

/** Lets the limit of the first model's call pass, and expects the second model to answer. */
async function expectToFailOver(
  scene: TestChain,
  answering: Promise<CollectedAnswer>,
  phase: TimeoutPhase,
): Promise<void> {
  await turn();
  vi.advanceTimersByTime(LIMIT_MS);
  const { text, summary } = await answering;
  expect(text).toBe(COMPLETE_TEXT);
  expect(failureOf(summary.attempts[0])).toMatchObject({ kind: "timeout", phase });
  expect(summary.attempts[0]?.tookMs).toBeGreaterThanOrEqual(LIMIT_MS);
  expect(summary.attempts[1]?.startedMs).toBeGreaterThanOrEqual(LIMIT_MS);
  expect((await scene.simulator.nextClosedByClient()).model).toBe(scene.chain[0]?.model);
}
