import { createServer } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { Clock } from "../../src/contract/clock.ts";
import { nanoUsd } from "../../src/contract/money.ts";
import { estimateTokens } from "../../src/models/tokens.ts";
import type { Fault } from "../../src/simulator/faults.ts";
import { collectAnswer, leaveAnswerAt } from "../support/collectAnswer.ts";
import {
  answerOf,
  type ChainScene,
  chainScene,
  KINDS,
  type Kind,
  request,
  type SceneOptions,
} from "./chainScene.ts";
import { expectCharge, expectMoneyToAddUp } from "./expectations.ts";

let scene: ChainScene | undefined;
afterEach(async () => {
  await scene?.close();
  scene = undefined;
});

async function sceneWith(
  kind: Kind,
  fault?: Fault,
  options: Partial<SceneOptions> = {},
): Promise<ChainScene> {
  const [a = kind, b = kind] = KINDS.filter((other) => other !== kind);
  const made = await chainScene({ kinds: [kind, a, b], ...options });
  scene = made;
  if (fault !== undefined) made.simulator.injectFault({ times: "always", fault });
  return made;
}

/** Stopped, and nobody else was asked. */
async function expectStopped(made: ChainScene, answer: Awaited<ReturnType<typeof answerOf>>): Promise<void> {
  expect(answer.summary.ending).toEqual({ kind: "stopped" });
  expect(made.requestsSeen().slice(1)).toEqual([0, 0]);
  await expectMoneyToAddUp(made, answer);
  const health = await made.ledger.health.snapshot();
  expect(
    [...health.values()].map(({ breaker }) => breaker.failures).filter((failures) => failures > 0),
  ).toEqual([]);
}

describe.each(KINDS)("a request to a provider of kind %s is stopped", (kind) => {
  it("while it connects: the socket is closed, and nothing is charged", async () => {
    const [opened, closed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const silent = createServer((socket) => {
      socket.resume().once("close", () => closed.resolve());
      opened.resolve();
    });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const made = await sceneWith(kind, undefined, {
      elsewhere: { at: 0, origin: `https://127.0.0.1:${port}` },
    });
    const aborter = new AbortController();
    const answer = answerOf(made, request(), aborter.signal);
    await opened.promise;
    aborter.abort();
    await expectStopped(made, await answer);
    await closed.promise;
    const [attempt] = (await answer).summary.attempts;
    expect(attempt?.cost).toEqual({ kind: "exact", nanoUsd: 0 });
    silent.close();
  });

  it.each([
    ["headers", { kind: "delayHeaders", ms: 60_000 }],
    ["its first token", { kind: "slowFirstToken", ms: 60_000 }],
  ] as const)(
    "while it waits for %s: the socket is closed, and the input is charged as an estimate",
    async (_, fault) => {
      const made = await sceneWith(kind, fault);
      const aborter = new AbortController();
      const answer = answerOf(made, request(), aborter.signal);
      await made.simulator.nextRequest();
      aborter.abort();
      await expectStopped(made, await answer);
      await made.simulator.nextClosedByClient();
      for (const attempt of (await answer).summary.attempts) expectCharge(attempt, "an estimate");
    },
  );

  it("in the midst of its stream: the socket is closed, and what was streamed is charged as an estimate", async () => {
    const made = await sceneWith(kind, { kind: "stall", afterTokens: 7 });
    const aborter = new AbortController();
    const answer = await collectAnswer(made.engine, request(), {
      signal: aborter.signal,
      onEvent: ({ type }) => {
        if (type === "text") aborter.abort();
      },
    });
    const { summary, text } = answer;
    await expectStopped(made, answer);
    await made.simulator.nextClosedByClient();
    const [attempt] = summary.attempts;
    expect(attempt?.cost.kind).toBe("estimated");
    expect(attempt?.usage?.outputTokens).toBeGreaterThanOrEqual(estimateTokens(text));
    expect(summary.modelUsed).toBe(made.chain[0]?.ref);
  });

  it("by a consumer that reads no further: the socket is closed, and what was streamed is charged", async () => {
    const made = await sceneWith(kind, { kind: "stall", afterTokens: 7 });
    await leaveAnswerAt(made.engine, request(), ({ type }) => type === "text");
    await made.simulator.nextClosedByClient();
    const { spentNanoUsd, reservedNanoUsd } = await made.ledger.budget.today();
    expect(spentNanoUsd).toBeGreaterThan(0);
    expect(reservedNanoUsd).toBe(0);
    expect(made.requestsSeen()).toEqual([1, 0, 0]);
  });

  it("between two tries: nothing more is sent, and nothing is charged", async () => {
    const aborter = new AbortController();
    // It goes to sleep once, for the wait before the second try; whoever sleeps for hours would never come back.
    const clock: Clock = {
      now: systemClock.now,
      sleep: (ms, signal) => {
        queueMicrotask(() => aborter.abort());
        return systemClock.sleep(ms, signal);
      },
    };
    const fault: Fault = { kind: "status", status: 429, headers: { "retry-after": "250" } };
    const made = await sceneWith(kind, fault, { clock });
    const answer = await answerOf(made, request(), aborter.signal);
    await expectStopped(made, answer);
    expect(made.requestsSeen()).toEqual([1, 0, 0]);
    expect(answer.summary.attempts.map(({ cost }) => cost)).toEqual([{ kind: "exact", nanoUsd: 0 }]);
  });

  it("while it waits for others' money: nothing is sent, and nothing is held for it", async () => {
    const aborter = new AbortController();
    const clock: Clock = {
      now: systemClock.now,
      sleep: (ms, signal) => {
        queueMicrotask(() => aborter.abort());
        return systemClock.sleep(ms, signal);
      },
    };
    const made = await sceneWith(kind, undefined, { clock });
    const whole = nanoUsd(5);
    await made.ledger.budget.reserve({
      ref: "openai/sim-premium",
      maximumNanoUsd: whole,
      minimumNanoUsd: whole,
      limits: { dailyNanoUsd: whole },
      soft: false,
    });
    const { summary } = await answerOf(made, request(), aborter.signal);
    expect(summary).toMatchObject({ ending: { kind: "stopped" }, attempts: [] });
    expect(made.requestsSeen()).toEqual([0, 0, 0]);
    expect(await made.ledger.budget.today()).toMatchObject({ spentNanoUsd: 0, reservedNanoUsd: whole });
  });

  it("at any moment: it is stopped or whole, nobody else is asked, and the money adds up", async () => {
    for (let moment = 0; moment < 60; moment += 3) {
      const made = await sceneWith(kind);
      const aborter = new AbortController();
      const answer = answerOf(made, request(), aborter.signal);
      for (let turns = 0; turns < moment; turns += 1) await turn();
      aborter.abort();
      const { summary, text } = await answer;
      expect(["stopped", "complete"]).toContain(summary.ending.kind);
      expect(made.requestsSeen().slice(1)).toEqual([0, 0]);
      await expectMoneyToAddUp(made, await answer);
      if (text === "" && made.simulator.requestCount() === 0) {
        expect(summary.cost).toEqual({ kind: "exact", nanoUsd: 0 });
      }
      await made.close();
      scene = undefined;
    }
  });
});
