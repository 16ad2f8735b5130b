import { describe, expect, it } from "vitest";
import { attemptsOf, expectCharge, expectFailure, failureOf, healthStateOf } from "./expectations.ts";
import type { FailureRow, Wait } from "./failures/failureRow.ts";
import { OUTAGES } from "./failures/outages.ts";
import { REJECTIONS } from "./failures/rejections.ts";
import { USAGE_LIMITS } from "./failures/usageLimits.ts";
import { type Run, testEveryPlace, useFaultyChains } from "./faultyChain.ts";
import { COMPLETE_TEXT, KINDS } from "./testChain.ts";

/**
 * Every way to fail before the first text, and the policy for it. Failures after it are in `brokenStreams.test.ts`, flaws
 * that are no failures in `toleratedAnswers.test.ts`.
 */
const FAILURES = [...USAGE_LIMITS, ...OUTAGES, ...REJECTIONS];

useFaultyChains();

describe.each(KINDS)("a model of a provider of kind %s, at any place in a chain", (kind) => {
  it.each(FAILURES)("fails with $name", async (row) => {
    await testEveryPlace(
      kind,
      row.fault(kind),
      async (run) => {
        expectRequests(row, run);
        expectAttempts(row, run);
        if (run.next !== undefined && row.next === "asked") expectNextToAnswer(row, run);
        else expectToFail(row, run);
        await expectHealth(row, run);
      },
      { inputLimits: row.inputLimits },
    );
  });

  it.each(FAILURES.filter(({ retryWaits }) => retryWaits.length > 0))(
    "is retried and answers after $name",
    async (row) => {
      await testEveryPlace(
        kind,
        row.fault(kind),
        async (run) => {
          const { at, scene, answer, clock, faulty } = run;
          expectWaits(clock.waits, waitsOf(row, run));
          expect(scene.requestsSeen().slice(at)).toEqual([1 + row.retryWaits.length, 0, 0].slice(0, 3 - at));
          expect(answer.text).toBe(COMPLETE_TEXT);
          expect(answer.summary).toMatchObject({
            ending: { kind: "complete" },
            modelUsed: faulty.ref,
            fallbackCount: at,
          });
          expect((await scene.healthOf(faulty.ref))?.breaker.failures ?? 0).toBe(0);
        },
        { times: row.retryWaits.length },
      );
    },
  );
});

/** How long each retry waits at this place of the chain. */
function waitsOf({ retryWaits, lastRetryWaits = retryWaits }: FailureRow, { next }: Run): readonly Wait[] {
  return next === undefined ? lastRetryWaits : retryWaits;
}

function expectRequests(row: FailureRow, run: Run): void {
  const { at, scene, clock, faulty } = run;
  const waits = waitsOf(row, run);
  expectWaits(clock.waits, waits);
  const isReached = row.fault(faulty.kind).kind === "fault";
  const seen = [0, 1, 2].map((place) => {
    if (place < at) return 1;
    if (place === at) return isReached ? 1 + waits.length : 0;
    return place === at + 1 && row.next === "asked" ? 1 : 0;
  });
  expect(scene.requestsSeen()).toEqual(seen);
}

function expectAttempts(row: FailureRow, run: Run): void {
  const { answer, faulty } = run;
  const attempts = attemptsOf(answer, faulty);
  expect(attempts).toHaveLength(1 + waitsOf(row, run).length);
  for (const attempt of attempts) {
    expectFailure(failureOf(attempt), row.failure, faulty);
    expectCharge(attempt, row.charge);
  }
}

function expectNextToAnswer(row: FailureRow, { at, answer, faulty, next }: Run): void {
  const { text, events, summary } = answer;
  expect(text).toBe(COMPLETE_TEXT);
  expect(summary).toMatchObject({
    ending: { kind: "complete" },
    modelUsed: next?.ref,
    fallbackCount: at + 1,
  });
  const failedOver = events.find((event) => event.type === "failedOver" && event.from === faulty.ref);
  expect(failedOver).toMatchObject({ to: next?.ref });
  expectFailure(failedOver?.type === "failedOver" ? failedOver.failure : undefined, row.failure, faulty);
}

function expectToFail(row: FailureRow, { at, answer, faulty }: Run): void {
  const { ending, modelUsed, fallbackCount } = answer.summary;
  expectFailure(ending.kind === "failed" ? ending.failure : undefined, row.failure, faulty);
  expect([modelUsed, fallbackCount, answer.text]).toEqual([undefined, at + 1, ""]);
}

async function expectHealth(row: FailureRow, { scene, faulty, next, clock }: Run): Promise<void> {
  const [model, provider] = [await scene.healthOf(faulty.ref), await scene.healthOf(faulty.id)];
  const modelState = next === undefined ? (row.lastModel ?? row.model) : row.model;
  expect([healthStateOf(model), healthStateOf(provider)]).toEqual([modelState, row.provider]);
  const pause = model?.pause ?? provider?.pause;
  if (row.pausedMs !== undefined && pause?.kind === "until") {
    const leftMs = pause.untilMs - clock.now();
    expect(leftMs).toBeLessThanOrEqual(row.pausedMs);
    expect(leftMs).toBeGreaterThan(row.pausedMs - 60_000);
  }
  for (const [state, health] of [
    [modelState, model],
    [row.provider, provider],
  ] as const) {
    if (state === "failed") expect(health?.breaker.failures).toBe(1);
  }
}

function expectWaits(waits: readonly number[], expected: readonly Wait[]): void {
  expect(waits).toHaveLength(expected.length);
  for (const [index, wait] of expected.entries()) {
    const [from, to] = typeof wait === "number" ? [wait, wait] : wait;
    expect(waits[index]).toBeGreaterThanOrEqual(from);
    expect(waits[index]).toBeLessThanOrEqual(to);
  }
}
