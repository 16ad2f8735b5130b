import { describe, expect, it } from "vitest";
import { decisionOf, summaryOf } from "../../../../test/support/ledgerRecords.ts";
import { createTestLedger } from "../../../../test/support/testLedger.ts";
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

describe("the median output of a route", () => {
  it("covers the last fifty complete answers of the route and command", async () => {
    const { clock, open } = createTestLedger();
    const first = await open();
    const save = async (id: string, tokens: number, ending: AnswerSummary["ending"], command?: string) => {
      clock.nowMs += 1;
      await first.history.saveDecision({ decision: decisionOf(id, clock.nowMs, command) });
      await first.history.saveSummary(summaryOf(id, tokens, ending));
    };
    for (let answer = 0; answer < 20; answer += 1) await save(`old${answer}`, 9_999, { kind: "complete" });
    for (let answer = 0; answer < 50; answer += 1)
      await save(`new${answer}`, 100 + answer, { kind: "complete" });
    await save("stopped", 1, { kind: "stopped" });
    await save("fix", 77, { kind: "complete" }, "fix");
    await first.close();
    const { history } = await open();
    const mediansOf = (command: string | undefined, atLeast: number) =>
      history.medianOutputTokens(["Hard", "Easy"], command, atLeast);
    expect(await mediansOf(undefined, 5)).toEqual(new Map([["Hard", 125]]));
    expect(await mediansOf("fix", 1)).toEqual(new Map([["Hard", 77]]));
    expect(await mediansOf("fix", 2)).toEqual(new Map());
  });

  it("ignores resumed answers, whose usage covers only their last part", async () => {
    const { clock, open } = createTestLedger();
    const { history } = await open();
    await history.saveDecision({ decision: decisionOf("d", clock.nowMs) });
    const summary = summaryOf("d", 3, { kind: "complete" });
    const attempts = summary.attempts.map((each) => ({ ...each, resumeMethod: "anchor" as const }));
    await history.saveSummary({ ...summary, attempts });
    expect(await history.medianOutputTokens(["Hard"], undefined, 1)).toEqual(new Map());
  });

  it("includes the answers of its own process once they are written", async () => {
    const { clock, open } = createTestLedger();
    const { history } = await open();
    expect(await history.medianOutputTokens(["Hard"], undefined, 1)).toEqual(new Map());
    await history.saveDecision({ decision: decisionOf("d1", clock.nowMs) });
    await history.saveSummary(summaryOf("d1", 300, { kind: "complete" }));
    await expect
      .poll(() => history.medianOutputTokens(["Hard"], undefined, 1))
      .toEqual(new Map([["Hard", 300]]));
  });
});
