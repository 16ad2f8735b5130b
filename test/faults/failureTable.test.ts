import { describe, expect, it } from "vitest";
import { KINDS, WHOLE } from "./chainScene.ts";
import { attemptsOf, expectCharge, expectTold, failureOf, markOf } from "./expectations.ts";
import { FAILURES, type FailureRow, type Wait } from "./failureTable.ts";
import { type Run, strikeEverywhere, useStrikes } from "./struckChain.ts";

useStrikes();

describe.each(KINDS)("a model of a provider of kind %s, at any place of a chain", (kind) => {
  it.each(FAILURES)("fails by: $fault", async (row) => {
    const { windows } = row;
    await strikeEverywhere(
      kind,
      row.strike(kind),
      async (run) => {
        expectRequests(row, run);
        expectTries(row, run);
        if (run.next !== undefined && row.next === "asked") expectNextToAnswer(row, run);
        else expectToFail(row, run);
        await expectMarks(row, run);
      },
      windows === undefined ? {} : { windows },
    );
  });

  it.each(FAILURES.filter(({ again }) => again.length > 0))("recovers from: $fault", async (row) => {
    await strikeEverywhere(
      kind,
      row.strike(kind),
      async ({ at, scene, answer, clock, struck }) => {
        expectWaits(clock.waits, row.again);
        expect(scene.requestsSeen().slice(at)).toEqual([1 + row.again.length, 0, 0].slice(0, 3 - at));
        expect(answer.text).toBe(WHOLE);
        expect(answer.summary).toMatchObject({
          ending: { kind: "complete" },
          modelUsed: struck.ref,
          fallbackCount: at,
        });
        expect((await scene.healthOf(struck.ref))?.breaker.failures ?? 0).toBe(0);
      },
      { times: row.again.length },
    );
  });
});

function expectRequests(row: FailureRow, { at, scene, clock, struck }: Run): void {
  expectWaits(clock.waits, row.again);
  const isReached = row.strike(struck.kind).kind === "fault";
  const seen = [0, 1, 2].map((place) => {
    if (place < at) return 1;
    if (place === at) return isReached ? 1 + row.again.length : 0;
    return place === at + 1 && row.next === "asked" ? 1 : 0;
  });
  expect(scene.requestsSeen()).toEqual(seen);
}

function expectTries(row: FailureRow, { answer, struck }: Run): void {
  const tries = attemptsOf(answer, struck);
  expect(tries).toHaveLength(1 + row.again.length);
  for (const attempt of tries) {
    expectTold(failureOf(attempt), row.told, struck);
    expectCharge(attempt, row.costs);
  }
}

function expectNextToAnswer(row: FailureRow, { at, answer, struck, next }: Run): void {
  const { text, events, summary } = answer;
  expect(text).toBe(WHOLE);
  expect(summary).toMatchObject({
    ending: { kind: "complete" },
    modelUsed: next?.ref,
    fallbackCount: at + 1,
  });
  const passedOn = events.find((event) => event.type === "failedOver" && event.from === struck.ref);
  expect(passedOn).toMatchObject({ to: next?.ref });
  expectTold(passedOn?.type === "failedOver" ? passedOn.failure : undefined, row.told, struck);
}

function expectToFail(row: FailureRow, { at, answer, struck }: Run): void {
  const { ending, modelUsed, fallbackCount } = answer.summary;
  expectTold(ending.kind === "failed" ? ending.failure : undefined, row.told, struck);
  expect([modelUsed, fallbackCount, answer.text]).toEqual([undefined, at + 1, ""]);
}

async function expectMarks(row: FailureRow, { scene, struck }: Run): Promise<void> {
  const [model, provider] = [await scene.healthOf(struck.ref), await scene.healthOf(struck.id)];
  expect([markOf(model), markOf(provider)]).toEqual([row.model, row.provider]);
  for (const [mark, health] of [
    [row.model, model],
    [row.provider, provider],
  ] as const) {
    if (mark === "counted") expect(health?.breaker.failures).toBe(1 + row.again.length);
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
