import { describe, expect, it, vi } from "vitest";
import type { AnswerEvent } from "../../../src/contract/answer.ts";
import { failOnce } from "../../support/ledgers/testLedger.ts";
import { END, type ScriptLine } from "../../support/providers/scriptedProvider.ts";
import { CUT, ScriptedChain, type ScriptedModel } from "./scriptedChain.ts";

const BEGINNING = "A closure is a function together with the scope in which it was made, so";
const USAGE: ScriptLine = {
  type: "usage",
  usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 },
};
const COST_OF_USAGE = 10 * 1000 + 5 * 5000;

const broken = { script: [[BEGINNING, CUT]] };
/** A repetition of the beginning is buffered until the end, because it may be new text. */
const buffered = { prefill: true, script: [[BEGINNING.slice(0, 30), USAGE, END]] };

type Chain = Readonly<Record<string, ScriptedModel>>;

describe("a consumer that aborts", () => {
  it.each<readonly [string, Chain]>([
    ["a complete answer", { a: { script: [["Yes.", USAGE, END]] } }],
    ["an answer after a failure", { a: { script: [[CUT], [CUT], [CUT]] }, b: { script: [["Yes.", END]] } }],
    ["a partial answer that is resumed", { a: broken, b: buffered }],
    ["a partial answer that no model resumes", { a: broken }],
  ])("leaves nothing reserved, at any event of %s", async (_what, models) => {
    await using complete = await ScriptedChain.open(models);
    const { events } = await complete.run();
    for (const [at] of events.entries()) {
      await using chain = await ScriptedChain.open(models);
      expect(await chain.abortAt(at)).toBe(true);
      expect((await chain.ledger.budget.today()).reservedNanoUsd).toBe(0);
    }
  });

  it("is charged exactly when it aborts at the last text of a resumed answer", async () => {
    await using chain = await ScriptedChain.open({ a: broken, b: buffered });
    const { events } = await chain.run();
    const last = events.findLastIndex(({ type }) => type === "text");
    await using again = await ScriptedChain.open({ a: broken, b: buffered });
    expect(await again.abortAt(last)).toBe(true);
    const { byModel } = await again.ledger.budget.today();
    expect(byModel.find(({ ref }) => ref === "b/m")?.nanoUsd).toBe(COST_OF_USAGE);
  });
});

describe("a complete answer", () => {
  it("is settled when the engine returns, and reserved until then", async () => {
    await using chain = await ScriptedChain.open({ a: { script: [["Yes.", USAGE, END]] } });
    const onEvent = async ({ type }: AnswerEvent): Promise<void> => {
      if (type !== "text") return;
      const { spentNanoUsd, reservedNanoUsd } = await chain.ledger.budget.today();
      expect(spentNanoUsd).toBe(0);
      expect(reservedNanoUsd).toBeGreaterThan(COST_OF_USAGE);
    };
    await chain.run({}, { onEvent });
    expect(await chain.ledger.budget.today()).toMatchObject({
      spentNanoUsd: COST_OF_USAGE,
      reservedNanoUsd: 0,
    });
  });

  it("is complete if the ledger cannot settle it, and the error and the breaker's success are reported", async () => {
    await using chain = await ScriptedChain.open({ a: { script: [["Yes.", USAGE, END]] } });
    const { budget, health } = chain.ledger;
    await failOnce(health, "a/m", { failures: 1, openMs: 0, maxOpenMs: 0 });
    vi.spyOn(budget, "settle").mockRejectedValueOnce(new Error("the disk is full"));
    const { text, summary } = await chain.run();
    expect([text, summary.ending.kind]).toEqual(["Yes.", "complete"]);
    expect(chain.errors).toMatchObject([{ message: "the disk is full" }]);
    expect((await health.snapshot()).get("a/m")?.breaker.kind).toBe("closed");
    expect((await budget.today()).reservedNanoUsd).toBeGreaterThan(COST_OF_USAGE);
  });
});
