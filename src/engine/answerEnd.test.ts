import { expect, it } from "vitest";
import { promptRequest } from "../../test/support/engineRequest.ts";
import { engineWith, useSimulator } from "../../test/support/simulatedEngine.ts";
import type { AnswerSink, AnswerSummary } from "../contract/answer.ts";

useSimulator();

const consumer: AnswerSink = { push: () => undefined, drained: () => undefined };
const signal = new AbortController().signal;

/** An engine whose ledger settles nothing before `release` is called. */
async function withHeldSettlement() {
  const { engine, ledger } = await engineWith();
  const held = Promise.withResolvers<void>();
  const settle = ledger.budget.settle.bind(ledger.budget);
  ledger.budget.settle = async (...input) => {
    await held.promise;
    await settle(...input);
  };
  return { engine, ledger, release: held.resolve };
}

it("reports the end of an answer with its cost while the most it can cost is still reserved", async () => {
  const { engine, ledger, release } = await withHeldSettlement();
  const ended = Promise.withResolvers<AnswerSummary>();
  const run = engine.run(promptRequest("What is a closure?"), consumer, signal, ended.resolve);
  const { cost, ending } = await ended.promise;
  expect(ending.kind).toBe("complete");
  const during = await ledger.budget.today();
  expect(during.spentNanoUsd).toBe(0);
  expect(during.reservedNanoUsd).toBeGreaterThan(cost.kind === "exact" ? cost.nanoUsd : Infinity);
  release();
  await run;
  expect(cost).toEqual({ kind: "exact", nanoUsd: (await ledger.budget.today()).spentNanoUsd });
});

it("does not resolve before the cost is settled", async () => {
  const { engine, ledger, release } = await withHeldSettlement();
  const ended = Promise.withResolvers<AnswerSummary>();
  const spent = engine
    .run(promptRequest("What is a closure?"), consumer, signal, ended.resolve)
    .then(() => ledger.budget.today());
  await ended.promise;
  release();
  expect(await spent).toMatchObject({ reservedNanoUsd: 0, spentNanoUsd: expect.any(Number) });
  expect((await spent).spentNanoUsd).toBeGreaterThan(0);
});

it("settles the cost if the consumer of the end throws", async () => {
  const { engine, ledger } = await engineWith();
  const failing = engine.run(promptRequest("What is a closure?"), consumer, signal, () => {
    throw new Error("The socket is gone.");
  });
  await expect(failing).rejects.toThrow("The socket is gone.");
  const { spentNanoUsd, reservedNanoUsd } = await ledger.budget.today();
  expect(spentNanoUsd).toBeGreaterThan(0);
  expect(reservedNanoUsd).toBe(0);
});
