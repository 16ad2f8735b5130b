import { describe, expect, it } from "vitest";
import { decisionOf, summaryOf } from "../../../test/support/ledgerRecords.ts";
import { scene } from "../../../test/support/testLedger.ts";
import type { AnswerSummary } from "../../contract/answer.ts";

describe("decisions", () => {
  it("come back as they were saved, with how they ended", async () => {
    const { clock, open } = scene();
    const { history } = await open();
    const decision = decisionOf("d1", clock.nowMs);
    await history.saveDecision({ decision, settingsHash: "h", promptText: "Why?" });
    expect(await history.decision("d1")).toEqual({ decision, settingsHash: "h", promptText: "Why?" });
    const summary = summaryOf("d1", 300, { kind: "complete" });
    await history.saveSummary(summary);
    await history.saveSummary(summary);
    expect(await history.decision("d1")).toEqual({
      decision,
      settingsHash: "h",
      promptText: "Why?",
      summary,
    });
    expect(await history.decision("d2")).toBeUndefined();
  });

  it("keep their attempts one by one", async () => {
    const { clock, open, raw } = scene();
    const { history, close } = await open();
    await history.saveDecision({ decision: decisionOf("d1", clock.nowMs), settingsHash: "h" });
    await history.saveSummary(summaryOf("d1", 300, { kind: "complete" }));
    await close();
    const attempts = raw().prepare("SELECT number, at_ms, ref, failure, cost, nano FROM attempt").all();
    expect(attempts.map((attempt) => ({ ...attempt }))).toEqual([
      { number: 1, at_ms: clock.nowMs + 3, ref: "a/b", failure: "overloaded", cost: "unknown", nano: null },
      {
        number: 2,
        at_ms: clock.nowMs + 95,
        ref: "openai/gpt-6-luna",
        failure: null,
        cost: "exact",
        nano: 42,
      },
    ]);
  });

  it("do not take an answer that was not joined to a torn one for one that was of use", async () => {
    const { clock, open, raw } = scene();
    const { history, close } = await open();
    await history.saveDecision({ decision: decisionOf("d1", clock.nowMs), settingsHash: "h" });
    const summary = summaryOf("d1", 300, { kind: "complete" });
    const attempts = summary.attempts.map((each) => ({ ...each, outcome: { kind: "not-resumed" } as const }));
    await history.saveSummary({ ...summary, attempts });
    await close();
    const rows = raw().prepare("SELECT failure FROM attempt").all();
    expect(rows.map((row) => row["failure"])).toEqual(["not-resumed", "not-resumed"]);
  });

  it("hold one outcome of a kind, the last", async () => {
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
  const { open, raw } = scene();
  return { ...(await open()), raw };
}

describe("the median output", () => {
  it("is that of the last fifty whole answers of a route and command", async () => {
    const { clock, open } = scene();
    const first = await open();
    const save = async (id: string, tokens: number, ending: AnswerSummary["ending"], command?: string) => {
      clock.nowMs += 1;
      await first.history.saveDecision({ decision: decisionOf(id, clock.nowMs, command), settingsHash: "h" });
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

  it("knows nothing of a torn answer that another model went on with: its usage is of the rest alone", async () => {
    const { clock, open } = scene();
    const { history } = await open();
    await history.saveDecision({ decision: decisionOf("d", clock.nowMs), settingsHash: "h" });
    const summary = summaryOf("d", 3, { kind: "complete" });
    const attempts = summary.attempts.map((each) => ({ ...each, resumeMethod: "anchor" as const }));
    await history.saveSummary({ ...summary, attempts });
    expect(await history.medianOutputTokens(["Hard"], undefined, 1)).toEqual(new Map());
  });

  it("heeds the answers of its own process once they are written", async () => {
    const { clock, open } = scene();
    const { history } = await open();
    expect(await history.medianOutputTokens(["Hard"], undefined, 1)).toEqual(new Map());
    await history.saveDecision({ decision: decisionOf("d1", clock.nowMs), settingsHash: "h" });
    await history.saveSummary(summaryOf("d1", 300, { kind: "complete" }));
    await expect
      .poll(() => history.medianOutputTokens(["Hard"], undefined, 1))
      .toEqual(new Map([["Hard", 300]]));
  });
});
