import { describe, expect, it } from "vitest";
import { attemptsOf, expectCharge, expectFailure, failureOf, healthStateOf } from "./expectations.ts";
import { FAILURES, type FailureRow, type Wait } from "./failureTable.ts";
import { type Run, testEveryPlace, useFaultyChains } from "./faultyChain.ts";
import { COMPLETE_TEXT, KINDS } from "./testChain.ts";

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
        async ({ at, scene, answer, clock, faulty }) => {
          expectWaits(clock.waits, row.retryWaits);
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

function expectRequests(row: FailureRow, { at, scene, clock, faulty }: Run): void {
  expectWaits(clock.waits, row.retryWaits);
  const isReached = row.fault(faulty.kind).kind === "fault";
  const seen = [0, 1, 2].map((place) => {
    if (place < at) return 1;
    if (place === at) return isReached ? 1 + row.retryWaits.length : 0;
    return place === at + 1 && row.next === "asked" ? 1 : 0;
  });
  expect(scene.requestsSeen()).toEqual(seen);
}

function expectAttempts(row: FailureRow, { answer, faulty }: Run): void {
  const attempts = attemptsOf(answer, faulty);
  expect(attempts).toHaveLength(1 + row.retryWaits.length);
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

async function expectHealth(row: FailureRow, { scene, faulty }: Run): Promise<void> {
  const [model, provider] = [await scene.healthOf(faulty.ref), await scene.healthOf(faulty.id)];
  expect([healthStateOf(model), healthStateOf(provider)]).toEqual([row.model, row.provider]);
  for (const [state, health] of [
    [row.model, model],
    [row.provider, provider],
  ] as const) {
    if (state === "failed") expect(health?.breaker.failures).toBe(1 + row.retryWaits.length);
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
