import { createServer } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../../src/base/time/clock.ts";
import { nanoUsd } from "../../../src/contract/money.ts";
import { estimateTokens } from "../../../src/models/tokens.ts";
import type { Fault } from "../../../src/simulator/faults.ts";
import { abortAnswerAt, collectAnswer } from "../../support/collectAnswer.ts";
import { expectCharge, expectSettled } from "./expectations.ts";
import {
  answerOf,
  KINDS,
  type Kind,
  request,
  startTestChain,
  type TestChain,
  type TestChainOptions,
} from "./testChain.ts";

let scene: TestChain | undefined;
afterEach(async () => {
  await scene?.close();
  scene = undefined;
});

async function sceneWith(
  kind: Kind,
  fault?: Fault,
  options: Partial<TestChainOptions> = {},
): Promise<TestChain> {
  const [a = kind, b = kind] = KINDS.filter((other) => other !== kind);
  const made = await startTestChain({ kinds: [kind, a, b], ...options });
  scene = made;
  if (fault !== undefined) made.simulator.injectFault({ times: "always", fault });
  return made;
}

/** The system clock, except that it aborts during a sleep. */
function abortingClock(aborter: AbortController): Clock {
  return {
    now: systemClock.now,
    sleep: (ms, signal) => {
      queueMicrotask(() => aborter.abort());
      return systemClock.sleep(ms, signal);
    },
  };
}

/** Expects a stopped answer, no other request and no breaker failure. */
async function expectStopped(made: TestChain, answer: Awaited<ReturnType<typeof answerOf>>): Promise<void> {
  expect(answer.summary.ending).toEqual({ kind: "stopped" });
  expect(made.requestsSeen().slice(1)).toEqual([0, 0]);
  await expectSettled(made, answer);
  const health = await made.ledger.health.snapshot();
  expect(
    [...health.values()].map(({ breaker }) => breaker.failures).filter((failures) => failures > 0),
  ).toEqual([]);
}

describe.each(KINDS)("stopping a request to a provider of kind %s", (kind) => {
  it("closes the socket during the connection, and charges nothing", async () => {
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
    "closes the socket while it waits for %s, and charges an estimate of the input",
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

  it("closes the socket during the stream, and charges an estimate of what was streamed", async () => {
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

  it("closes the socket when the consumer aborts, and charges what was streamed", async () => {
    const made = await sceneWith(kind, { kind: "stall", afterTokens: 7 });
    await abortAnswerAt(made.engine, request(), ({ type }) => type === "text");
    await made.simulator.nextClosedByClient();
    const { spentNanoUsd, reservedNanoUsd } = await made.ledger.budget.today();
    expect(spentNanoUsd).toBeGreaterThan(0);
    expect(reservedNanoUsd).toBe(0);
    expect(made.requestsSeen()).toEqual([1, 0, 0]);
  });

  it("sends and charges nothing more between two attempts", async () => {
    const aborter = new AbortController();
    // The only sleep is the wait before the second attempt.
    const fault: Fault = { kind: "status", status: 429, headers: { "retry-after": "3" } };
    const made = await sceneWith(kind, fault, { clock: abortingClock(aborter) });
    const answer = await answerOf(made, request(), aborter.signal);
    await expectStopped(made, answer);
    expect(made.requestsSeen()).toEqual([1, 0, 0]);
    expect(answer.summary.attempts.map(({ cost }) => cost)).toEqual([{ kind: "exact", nanoUsd: 0 }]);
  });

  it("sends and reserves nothing while it waits for the budget", async () => {
    const aborter = new AbortController();
    const made = await sceneWith(kind, undefined, { clock: abortingClock(aborter) });
    const dailyNanoUsd = nanoUsd(5);
    await made.ledger.budget.reserve({
      ref: "openai/sim-premium",
      maximumNanoUsd: dailyNanoUsd,
      minimumNanoUsd: dailyNanoUsd,
      limits: { dailyNanoUsd },
      soft: false,
    });
    const { summary } = await answerOf(made, request(), aborter.signal);
    expect(summary).toMatchObject({ ending: { kind: "stopped" }, attempts: [] });
    expect(made.requestsSeen()).toEqual([0, 0, 0]);
    expect(await made.ledger.budget.today()).toMatchObject({
      spentNanoUsd: 0,
      reservedNanoUsd: dailyNanoUsd,
    });
  });

  it("stops or completes the answer at any time, calls no other model and settles its cost", async () => {
    for (let moment = 0; moment < 60; moment += 3) {
      const made = await sceneWith(kind);
      const aborter = new AbortController();
      const answer = answerOf(made, request(), aborter.signal);
      for (let turns = 0; turns < moment; turns += 1) await turn();
      aborter.abort();
      const { summary, text } = await answer;
      expect(["stopped", "complete"]).toContain(summary.ending.kind);
      expect(made.requestsSeen().slice(1)).toEqual([0, 0]);
      await expectSettled(made, await answer);
      if (text === "" && made.simulator.requestCount() === 0) {
        expect(summary.cost).toEqual({ kind: "exact", nanoUsd: 0 });
      }
      await made.close();
      scene = undefined;
    }
  });
});
