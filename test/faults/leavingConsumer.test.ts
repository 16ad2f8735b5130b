import { describe, expect, it, vi } from "vitest";
import type { AnswerEvent } from "../../src/contract/answer.ts";
import type { ProviderEvent } from "../../src/contract/provider.ts";
import { failOnce } from "../support/testLedger.ts";
import { CUT, END, ScriptedChain, type ScriptedModel } from "./scriptedChain.ts";

const BEGINNING = "A closure is a function together with the scope in which it was made, so";
const USAGE: ProviderEvent = {
  type: "usage",
  usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 },
};
const COST_OF_USAGE = 10 * 1000 + 5 * 5000;

const torn = { says: [[BEGINNING, CUT]] };
/** What repeats the beginning is held back to the end: it may be a new answer. */
const heldBack = { prefill: true, says: [[BEGINNING.slice(0, 30), USAGE, END]] };

type Chain = Readonly<Record<string, ScriptedModel>>;

describe("a consumer that leaves, at whatever event, leaves nothing held", () => {
  it.each<readonly [string, Chain]>([
    ["a whole answer", { a: { says: [["Yes.", USAGE, END]] } }],
    ["an answer after a failure", { a: { says: [[CUT], [CUT], [CUT]] }, b: { says: [["Yes.", END]] } }],
    ["a torn answer that is gone on with", { a: torn, b: heldBack }],
    ["a torn answer that nobody goes on with", { a: torn }],
  ])("%s", async (_what, models) => {
    await using whole = await ScriptedChain.open(models);
    const { events } = await whole.run();
    for (const [at] of events.entries()) {
      await using chain = await ScriptedChain.open(models);
      expect(await chain.leaveAt(at)).toBe(true);
      expect((await chain.ledger.budget.today()).reservedNanoUsd).toBe(0);
    }
  });
});

describe("the end of a whole answer", () => {
  it("is told before its books are closed, and the stream ends once they are", async () => {
    await using chain = await ScriptedChain.open({ a: { says: [["Yes.", USAGE, END]] } });
    const onEvent = async ({ type }: AnswerEvent): Promise<void> => {
      if (type !== "end") return;
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

  it("gives a probe back also where what it cost cannot be booked", async () => {
    await using chain = await ScriptedChain.open({ a: { says: [["Yes.", USAGE, END]] } });
    const { budget, health } = chain.ledger;
    await failOnce(health, "a/m", { failures: 1, openMs: 0, maxOpenMs: 0 });
    vi.spyOn(budget, "settle").mockRejectedValueOnce(new Error("a fault of ours"));
    await expect(chain.run()).rejects.toThrow("a fault of ours");
    expect((await health.snapshot()).get("a/m")?.breaker.kind).toBe("closed");
  });

  it("is paid for exactly, also where the consumer leaves at the last words of one that was gone on with", async () => {
    await using chain = await ScriptedChain.open({ a: torn, b: heldBack });
    const { events } = await chain.run();
    const last = events.findLastIndex(({ type }) => type === "text");
    await using again = await ScriptedChain.open({ a: torn, b: heldBack });
    expect(await again.leaveAt(last)).toBe(true);
    const { byModel } = await again.ledger.budget.today();
    expect(byModel.find(({ ref }) => ref === "b/m")?.nanoUsd).toBe(COST_OF_USAGE);
  });
});
