import { describe, expect, it, vi } from "vitest";
import { keywordDecision } from "../../../test/support/answers.ts";
import { requestFor } from "../../assistant/request.ts";
import type { Decision } from "../../contract/decision.ts";
import type { Trial } from "./prompts.ts";
import { decideAll, trialReport } from "./trialReport.ts";

vi.mock("vscode", () => import("../../../test/support/views/fakeVscode.ts"));

const trial = (text: string): Trial => ({
  request: requestFor({ id: "c", isPrivate: false, turns: [] }, { text, context: [] }),
});
const reportOf = (decision: Decision, was?: Decision, text = "Compare a | b") =>
  trialReport({
    trials: [{ ...trial(text), decision, was }],
    source: "prompts.txt",
    notes: [],
  });
/** Returns the cells of the only row. */
const rowOf = (report: string) =>
  (report.trimEnd().split("\n").at(-1) ?? "")
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());

describe("trialReport", () => {
  it("shows where each prompt would be sent, why, and at what cost", () => {
    expect(rowOf(reportOf(keywordDecision("a/one")))).toEqual([
      "Compare a \\| b",
      "Hard",
      "`a/one`",
      "High complexity, from the word “compare”; order in the route",
      "$0.017",
    ]);
  });

  it("cuts long prompts", () => {
    const [prompt = ""] = rowOf(reportOf(keywordDecision("a/one"), undefined, "word ".repeat(100)));
    expect([...prompt]).toHaveLength(80);
    expect(prompt.endsWith("…")).toBe(true);
  });

  it("distinguishes unknown, free and simulated costs", () => {
    const cost = (step: object) =>
      rowOf(
        reportOf(keywordDecision("a/x", { outcome: { kind: "chosen", chain: [{ ref: "a/x", ...step }] } })),
      )[4];
    expect(cost({})).toBe("cost unknown");
    expect(cost({ expectedNanoUsd: 0 })).toBe("free");
    expect(cost({ expectedNanoUsd: 17_000_000, simulated: true })).toBe("free (list price $0.017)");
  });

  it("shows that a prompt would not be sent", () => {
    const blocked = keywordDecision("a/one", {
      outcome: { kind: "blocked", reason: { kind: "no-model-available" } },
      skipped: [{ ref: "a/one", reason: "private" }],
    });
    expect(rowOf(reportOf(blocked)).slice(2)).toEqual([
      "none",
      "High complexity, from the word “compare”; the only candidate was skipped",
      "–",
    ]);
  });

  it("gives the example as the reason where a route was selected by its examples", () => {
    const similarity = {
      index: 0,
      name: "Hard",
      score: 0.523,
      threshold: 0.35,
      nearest: { example: "Write a function", cosine: 0.6 },
    };
    const { features } = keywordDecision("a/one");
    const decision = keywordDecision("a/one", {
      route: { kind: "settings", name: "Hard", index: 0, similarity },
      features: { ...features, similarities: { embedder: "built-in", routes: [similarity] } },
    });
    expect(rowOf(reportOf(decision))[3]).toBe(
      "Like “Write a function” (0.52, needs 0.35); order in the route",
    );
  });

  it("shows which route's examples were not similar enough, and by how little", () => {
    const { features } = keywordDecision("a/one");
    const nearest = { example: "Write a function", cosine: 0.6 };
    const routes = [
      { index: 0, name: "Far", score: 0.1, threshold: 0.3, nearest },
      { index: 1, name: "Code", score: 0.31, threshold: 0.35, nearest },
    ];
    const refused = (score: number) =>
      keywordDecision("a/one", {
        features: {
          ...features,
          similarities: {
            embedder: "built-in",
            routes: routes.map((one) => ({ ...one, score: one.score + score })),
          },
        },
      });
    expect(rowOf(reportOf(refused(0)))[5]).toBe("“Code”: 0.31 to “Write a function”, 0.04 too low");
    expect(rowOf(reportOf(refused(0.0396)))[5]).toBe("“Code”: 0.3496 to “Write a function”, 0.0004 too low");
    expect(reportOf(refused(0))).toContain("Not similar enough");
    expect(reportOf(refused(0.04))).not.toContain("Not similar enough");
  });

  it("shows what would change for prompts that were sent before", () => {
    const other = { route: { kind: "settings", name: "Easy", index: 1 } } as const;
    const change = (was: Decision, now: Decision) => rowOf(reportOf(now, was))[5];
    expect(change(keywordDecision("a/one"), keywordDecision("a/one"))).toBe("same");
    expect(change(keywordDecision("a/one"), keywordDecision("b/two"))).toBe("`a/one` → `b/two`");
    expect(change(keywordDecision("a/one"), keywordDecision("a/one", other))).toBe("Hard → Easy");
    expect(reportOf(keywordDecision("b/two"), keywordDecision("a/one"))).toContain(
      "1 would be routed differently.",
    );
    expect(reportOf(keywordDecision("b/two"))).not.toContain("Was → now");
  });
});

describe("decideAll", () => {
  const running = new AbortController().signal;

  it("returns the decisions in the order of the prompts", async () => {
    const decided = await decideAll(
      ["one", "two"].map(trial),
      async ({ ownWords }) => keywordDecision(`a/${ownWords}`),
      running,
      () => {},
    );
    expect(decided.map(({ decision }) => decision.outcome)).toMatchObject([
      { chain: [{ ref: "a/one" }] },
      { chain: [{ ref: "a/two" }] },
    ]);
  });

  it("counts the line before in a conversation as sent", async () => {
    const previous: unknown[] = [];
    const lines = ["one", "two"].map((text) => ({ ...trial(text), followsLines: true as const }));
    await decideAll(
      lines,
      async (request) => {
        previous.push(request.previous);
        return keywordDecision("a/x");
      },
      running,
      () => {},
    );
    expect(previous).toMatchObject([undefined, { ref: "a/x", route: keywordDecision("a/x").route }]);
  });

  it("stops when it is cancelled, and returns what was decided until then", async () => {
    const abort = new AbortController();
    const decided = await decideAll(
      ["one", "two", "three"].map(trial),
      async ({ ownWords }) => {
        if (ownWords === "two") abort.abort();
        return keywordDecision("a/x");
      },
      abort.signal,
      () => {},
    );
    expect(decided).toHaveLength(2);
  });

  it("lets other work run at intervals, and reports its progress", async () => {
    const abort = new AbortController();
    setImmediate(() => abort.abort());
    const progress: number[] = [];
    let now = 0;
    const decided = await decideAll(
      new Array<Trial>(100).fill(trial("x")),
      async () => {
        now += 4;
        return keywordDecision("a/x");
      },
      abort.signal,
      (count) => progress.push(count),
      () => now,
    );
    expect(progress).toEqual([3]);
    expect(decided).toHaveLength(3);
  });
});
