import { describe, expect, it } from "vitest";
import { scene, spendOn } from "../../../test/faults/ledgerScene.ts";
import type { AnswerSummary } from "../../contract/answer.ts";
import type { Conversation, Turn } from "../../contract/conversation.ts";
import type { Decision } from "../../contract/decision.ts";
import type { Cost } from "../../contract/money.ts";

const DAY_MS = 86_400_000;

function decisionOf(id: string, atMs: number, command?: string): Decision {
  return {
    id,
    atMs,
    route: { kind: "settings", name: "Hard", index: 0 },
    pick: "first",
    features: {
      complexity: { level: "high", score: 0.8, because: { kind: "keyword", keyword: "compare" } },
      contextTokens: 900,
      keywords: [],
      cached: false,
    },
    attributes: {
      ...(command === undefined ? {} : { command }),
      paths: ["src/a.ts"],
      needs: [],
      userTier: "standard",
      user: "u",
      isPrivate: false,
      inputBoundTokens: 3_000,
    },
    expectedInputTokens: 900,
    expectedOutputTokens: 400,
    outcome: { kind: "chosen", chain: [{ ref: "openai/gpt-6-luna", expectedNanoUsd: 50 }] },
    passedOver: [{ ref: "azure/gpt-4o", reason: "no-key", provider: "azure" }],
  };
}

function summaryOf(decisionId: string, outputTokens: number, ending: AnswerSummary["ending"]): AnswerSummary {
  const cost = { kind: "exact", nanoUsd: 42 } as const;
  const usage = {
    inputTokens: 900,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    outputTokens,
    reasoningTokens: 0,
  };
  const failure = { kind: "overloaded", provider: "openai", status: 503, words: "Busy" } as const;
  return {
    decisionId,
    ending,
    modelUsed: "openai/gpt-6-luna",
    fallbackCount: 1,
    attempts: [
      {
        ref: "a/b",
        startedMs: 2.5,
        tookMs: 90.25,
        cost: { kind: "unknown" },
        outcome: { kind: "failed", failure },
      },
      { ref: "openai/gpt-6-luna", startedMs: 95, tookMs: 900, cost, usage, outcome: { kind: "answered" } },
    ],
    cost,
    usage,
    tookMs: 995,
  };
}

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
    const { history } = await open();
    await history.saveDecision({ decision: decisionOf("d1", clock.nowMs), settingsHash: "h" });
    await history.saveSummary(summaryOf("d1", 300, { kind: "complete" }));
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

  it("are listed with the newest first", async () => {
    const { clock, open } = scene();
    const { history } = await open();
    for (const number of [1, 2, 3]) {
      await history.saveDecision({
        decision: decisionOf(`d${number}`, clock.nowMs + number),
        settingsHash: "h",
      });
    }
    expect((await history.decisions(2)).map(({ decision }) => decision.id)).toEqual(["d3", "d2"]);
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
    const { history } = await open();
    const save = async (id: string, tokens: number, ending: AnswerSummary["ending"], command?: string) => {
      clock.nowMs += 1;
      await history.saveDecision({ decision: decisionOf(id, clock.nowMs, command), settingsHash: "h" });
      await history.saveSummary(summaryOf(id, tokens, ending));
    };
    for (let answer = 0; answer < 20; answer += 1) await save(`old${answer}`, 9_999, { kind: "complete" });
    for (let answer = 0; answer < 50; answer += 1)
      await save(`new${answer}`, 100 + answer, { kind: "complete" });
    await save("stopped", 1, { kind: "stopped" });
    await save("fix", 77, { kind: "complete" }, "fix");
    expect(await history.medianOutputTokens("Hard", undefined, 5)).toBe(125);
    expect(await history.medianOutputTokens("Hard", "fix", 1)).toBe(77);
    expect(await history.medianOutputTokens("Hard", "fix", 2)).toBeUndefined();
    expect(await history.medianOutputTokens("Easy", undefined, 1)).toBeUndefined();
  });
});

function conversationOf(
  id: string,
  changes: Partial<Omit<Conversation, "turns">> = {},
): Omit<Conversation, "turns"> {
  return {
    id,
    title: `Title of ${id}`,
    createdAtMs: 1_000,
    updatedAtMs: 1_000,
    isPrivate: false,
    ...changes,
  };
}

function turnOf(id: string, atMs: number, question: string, answer: string, cost?: Cost): Turn {
  const summary = summaryOf("d", 10, { kind: "complete" });
  return {
    id,
    atMs,
    prompt: { text: question, context: [] },
    answer: { text: answer, fallbacks: [], ...(cost === undefined ? {} : { summary: { ...summary, cost } }) },
  };
}

describe("conversations", () => {
  it("come back with their turns in order, each as it was last saved", async () => {
    const { history } = await scene().open();
    await history.saveConversation(conversationOf("c"));
    const first = turnOf("t1", 2_000, "First?", "Yes.", { kind: "exact", nanoUsd: 5 });
    const second = turnOf("t2", 3_000, "Second?", "No.", { kind: "estimated", nanoUsd: 6 });
    await history.saveTurn("c", turnOf("t1", 2_000, "First?", ""));
    await history.saveTurn("c", second);
    await history.saveTurn("c", first);
    expect(await history.conversation("c")).toEqual({
      ...conversationOf("c", { updatedAtMs: 3_000 }),
      turns: [first, second],
    });
  });

  it("are listed with the newest first, and with what their answers cost", async () => {
    const { history } = await scene().open();
    await history.saveConversation(conversationOf("old"));
    await history.saveConversation(conversationOf("new", { updatedAtMs: 9_000, isPrivate: true }));
    await history.saveTurn("old", turnOf("t1", 2_000, "?", "!", { kind: "exact", nanoUsd: 5 }));
    await history.saveTurn("old", turnOf("t2", 3_000, "?", "!", { kind: "estimated", nanoUsd: 6 }));
    await history.saveTurn("new", turnOf("t1", 2_000, "?", "!", { kind: "unknown" }));
    expect(await history.conversations("", 10)).toEqual([
      {
        id: "new",
        title: "Title of new",
        updatedAtMs: 9_000,
        isPrivate: true,
        answers: 1,
        nanoUsd: 0,
        costKind: "unknown",
      },
      {
        id: "old",
        title: "Title of old",
        updatedAtMs: 3_000,
        isPrivate: false,
        answers: 2,
        nanoUsd: 11,
        costKind: "estimated",
      },
    ]);
    expect(await history.conversations("", 1)).toHaveLength(1);
  });

  it("are found by title, prompt and answer, in any case and as the words stand", async () => {
    const { history } = await scene().open();
    await history.saveConversation(conversationOf("title", { title: "Über Größen" }));
    await history.saveConversation(conversationOf("texts", { title: "x" }));
    await history.saveTurn("texts", turnOf("t", 1, "Is 100%_sure right?", "ÄPFEL are 'fine'"));
    const found = async (query: string) => (await history.conversations(query, 10)).map((row) => row.id);
    expect(await found("über")).toEqual(["title"]);
    expect(await found(" äpfel ")).toEqual(["texts"]);
    expect(await found("100%_S")).toEqual(["texts"]);
    expect(await found("1%e")).toEqual([]);
    expect(await found("'fine'")).toEqual(["texts"]);
  });

  it("stay private once they were", async () => {
    const { history } = await scene().open();
    await history.saveConversation(conversationOf("c", { isPrivate: true }));
    await history.saveConversation(conversationOf("c", { isPrivate: false }));
    expect((await history.conversation("c"))?.isPrivate).toBe(true);
  });

  it("that are removed are hidden, and come back until they are forgotten", async () => {
    const { clock, open } = scene();
    const { history } = await open();
    await history.saveConversation(conversationOf("c", { updatedAtMs: clock.nowMs }));
    await history.removeConversation("c");
    expect(await history.conversations("", 10)).toEqual([]);
    expect(await history.conversation("c")).toBeUndefined();
    await history.restoreConversation("c");
    expect(await history.conversations("", 10)).toHaveLength(1);
    await history.removeConversation("c");
    await history.forget({ conversationDays: 90, historyDays: 400 }, clock.nowMs);
    await history.restoreConversation("c");
    expect(await history.conversations("", 10)).toEqual([]);
  });
});

describe("forgetting", () => {
  it("deletes what is older than its days, and keeps what it cost in the daily totals", async () => {
    const { clock, open, raw } = scene();
    const ledger = await open();
    const { history, budget } = ledger;
    const today = clock.nowMs;
    for (let old = 0; old < 450; old += 1) {
      clock.nowMs = today - 401 * DAY_MS + old;
      await spendOn(ledger, 2, { decisionId: `old${old}` });
      await history.saveDecision({ decision: decisionOf(`old${old}`, clock.nowMs), settingsHash: "h" });
      await history.saveSummary(summaryOf(`old${old}`, 10, { kind: "complete" }));
      await history.saveOutcome(`old${old}`, "thumbs", 1);
    }
    await history.saveConversation(conversationOf("old", { updatedAtMs: today - 91 * DAY_MS }));
    await history.saveTurn("old", turnOf("t", today - 91 * DAY_MS, "?", "!"));
    await history.saveConversation(conversationOf("young", { updatedAtMs: today - 89 * DAY_MS }));
    const yearBefore = await budget.today();
    expect(yearBefore.spentNanoUsd).toBe(900);
    const young = today - 399 * DAY_MS;
    await history.saveDecision({ decision: decisionOf("young", young), settingsHash: "h" });
    await history.forget({ conversationDays: 90, historyDays: 400 }, today);

    expect((await history.decisions(10)).map(({ decision }) => decision.id)).toEqual(["young"]);
    expect((await history.conversations("", 10)).map(({ id }) => id)).toEqual(["young"]);
    expect(await budget.today()).toEqual(yearBefore);
    const db = raw();
    for (const table of ["spend", "attempt", "outcome", "turn"]) {
      expect(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 });
    }
  });
});
