import { describe, expect, it } from "vitest";
import { decisionOf, summaryOf } from "../../../../test/support/ledgers/ledgerRecords.ts";
import { createTestLedger } from "../../../../test/support/ledgers/testLedger.ts";
import type { AnswerSummary } from "../../../contract/answer.ts";

describe("decisions", () => {
  it("are returned as they were saved, with their summary", async () => {
    const { clock, open } = createTestLedger();
    const { history } = await open();
    const decision = decisionOf("d1", clock.nowMs);
    await history.saveDecision({ decision, promptText: "Why?" });
    expect(await history.decision("d1")).toEqual({ decision, promptText: "Why?" });
    const summary = summaryOf("d1", 300, { kind: "complete" });
    await history.saveSummary(summary);
    await history.saveSummary(summary);
    expect(await history.decision("d1")).toEqual({
      decision,
      promptText: "Why?",
      summary,
    });
    expect(await history.decision("d2")).toBeUndefined();
  });

  it("keep each attempt and its outcome, also of one that did not resume the answer", async () => {
    const { clock, open } = createTestLedger();
    const { history, close } = await open();
    await history.saveDecision({ decision: decisionOf("d1", clock.nowMs) });
    const summary = summaryOf("d1", 300, { kind: "complete" });
    const attempts = [...summary.attempts, { ...summary.attempts[0], outcome: { kind: "not-resumed" } }];
    await history.saveSummary({ ...summary, attempts } as AnswerSummary);
    await close();
    const stored = (await (await open()).history.decision("d1"))?.summary?.attempts;
    expect(stored).toEqual(attempts);
    expect(stored?.map(({ outcome }) => outcome.kind)).toEqual(["failed", "answered", "not-resumed"]);
  });

  it("keep one outcome per kind, the last", async () => {
    const { history, raw } = await withRaw();
    await history.saveOutcome("d1", "thumbs", 1);
    await history.saveOutcome("d1", "thumbs", 0);
    await history.saveOutcome("d1", "kept", 1);
    const scores = raw().prepare("SELECT kind, score FROM outcome ORDER BY kind").all();
    expect(scores.map((row) => [row["kind"], row["score"]])).toEqual([
      ["kept", 1],
      ["thumbs", 0],
    ]);
  });
});

async function withRaw() {
  const { open, raw } = createTestLedger();
  return { ...(await open()), raw };
}

describe("the lengths of answers", () => {
  it("cover the last hundred complete answers of each route to a command, the newest first", async () => {
    const { clock, open } = createTestLedger();
    const first = await open();
    const save = async (id: string, tokens: number, ending: AnswerSummary["ending"], command?: string) => {
      clock.nowMs += 1;
      const { attributes, ...decision } = decisionOf(id, clock.nowMs, command);
      await first.history.saveDecision({
        decision: { ...decision, attributes: { ...attributes, characters: 10 * tokens } },
      });
      await first.history.saveSummary(summaryOf(id, tokens, ending));
    };
    for (let answer = 0; answer < 120; answer += 1) await save(`d${answer}`, answer, { kind: "complete" });
    await save("stopped", 1, { kind: "stopped" });
    await save("fix", 77, { kind: "complete" }, "fix");
    await first.close();
    const { history } = await open();
    const lengthsOf = (command?: string) => history.answerLengths(["Hard", "Easy"], command);
    const lengths = await lengthsOf();
    expect(lengths.map(({ outputTokens }) => outputTokens)).toEqual(
      Array.from({ length: 100 }, (_, at) => 119 - at),
    );
    expect(await lengthsOf("fix")).toEqual([
      { route: "Hard", ref: "openai/gpt-6-luna", characters: 770, outputTokens: 77 },
    ]);
    expect(await lengthsOf()).toBe(lengths);
  });

  it("leave out resumed answers, whose usage covers only their last part", async () => {
    const { clock, open } = createTestLedger();
    const { history } = await open();
    await history.saveDecision({ decision: decisionOf("d", clock.nowMs) });
    const summary = summaryOf("d", 3, { kind: "complete" });
    const attempts = summary.attempts.map((each) => ({ ...each, resumeMethod: "anchor" as const }));
    await history.saveSummary({ ...summary, attempts });
    expect(await history.answerLengths(["Hard"], undefined)).toEqual([]);
  });

  it("include the answers of their own process once they are written", async () => {
    const { clock, open } = createTestLedger();
    const { history } = await open();
    expect(await history.answerLengths(["Hard"], undefined)).toEqual([]);
    await history.saveDecision({ decision: decisionOf("d1", clock.nowMs) });
    await history.saveSummary(summaryOf("d1", 300, { kind: "complete" }));
    const later = () => {
      clock.nowMs += 1000;
      return history.answerLengths(["Hard"], undefined);
    };
    await expect.poll(later).toMatchObject([{ outputTokens: 300 }]);
  });
});
