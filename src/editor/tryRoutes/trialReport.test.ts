import { describe, expect, test, vi } from "vitest";
import { testDecision } from "../../../test/support/decisions.ts";
import { requestFor } from "../../assistant/request.ts";
import type { Decision } from "../../contract/decision.ts";
import { type Trial, tryEach } from "./trial.ts";
import { trialReport } from "./trialReport.ts";

vi.mock("vscode", () => import("../../../test/support/fakeVscode.ts"));

const trial = (text: string): Trial => ({
  request: requestFor({ id: "c", isPrivate: false, turns: [] }, { text, context: [] }),
});
const reportOf = (decision: Decision, was?: Decision, text = "Compare a | b") =>
  trialReport({
    tried: [{ ...trial(text), decision, ...(was === undefined ? {} : { was }) }],
    source: "prompts.txt",
    notes: [],
  });
/** The cells of the only row. */
const rowOf = (report: string) =>
  (report.trimEnd().split("\n").at(-1) ?? "")
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());

describe("the table of routes tried", () => {
  test("says of each prompt where it goes, why, and for how much", () => {
    expect(rowOf(reportOf(testDecision("a/one")))).toEqual([
      "Compare a \\| b",
      "Hard",
      "`a/one`",
      "High complexity, from the word “compare”; order in the route",
      "$0.017",
    ]);
  });

  test("cuts long prompts", () => {
    const [prompt = ""] = rowOf(reportOf(testDecision("a/one"), undefined, "word ".repeat(100)));
    expect([...prompt]).toHaveLength(80);
    expect(prompt.endsWith("…")).toBe(true);
  });

  test("says what is not known, what is free, and what only would be paid", () => {
    const cost = (step: object) =>
      rowOf(
        reportOf(testDecision("a/x", { outcome: { kind: "chosen", chain: [{ ref: "a/x", ...step }] } })),
      )[4];
    expect(cost({})).toBe("cost unknown");
    expect(cost({ expectedNanoUsd: 0 })).toBe("free");
    expect(cost({ expectedNanoUsd: 17_000_000, simulated: true })).toBe("free (list price $0.017)");
  });

  test("says so where nobody would be asked", () => {
    const nobody = testDecision("a/one", {
      outcome: { kind: "blocked", reason: { kind: "no-model-available" } },
      skipped: [{ ref: "a/one", reason: "private" }],
    });
    expect(rowOf(reportOf(nobody)).slice(2)).toEqual([
      "none",
      "High complexity, from the word “compare”; the only candidate was skipped",
      "–",
    ]);
  });

  test("a route by its examples is told by the example, and complexity has no say", () => {
    const similarity = {
      index: 0,
      name: "Hard",
      score: 0.523,
      threshold: 0.35,
      nearest: { example: "Write a function", cosine: 0.6 },
    };
    const { features } = testDecision("a/one");
    const decision = testDecision("a/one", {
      route: { kind: "settings", name: "Hard", index: 0, similarity },
      features: { ...features, similarities: { embedder: "built-in", routes: [similarity] } },
    });
    expect(rowOf(reportOf(decision))[3]).toBe(
      "Like “Write a function” (0.52, needs 0.35); order in the route",
    );
  });

  test("of prompts that were asked before, it says what would change", () => {
    const other = { route: { kind: "settings", name: "Easy", index: 1 } } as const;
    const change = (was: Decision, now: Decision) => rowOf(reportOf(now, was))[5];
    expect(change(testDecision("a/one"), testDecision("a/one"))).toBe("same");
    expect(change(testDecision("a/one"), testDecision("b/two"))).toBe("`a/one` → `b/two`");
    expect(change(testDecision("a/one"), testDecision("a/one", other))).toBe("Hard → Easy");
    expect(reportOf(testDecision("b/two"), testDecision("a/one"))).toContain("One would go elsewhere");
    expect(reportOf(testDecision("b/two"))).not.toContain("Was → now");
  });
});

describe("deciding one prompt after the other", () => {
  test("gives all of them in order", async () => {
    const tried = await tryEach(
      ["one", "two"].map(trial),
      async ({ ownWords }) => testDecision(`a/${ownWords}`),
      new AbortController().signal,
      () => {},
    );
    expect(tried.map(({ decision }) => decision.outcome)).toMatchObject([
      { chain: [{ ref: "a/one" }] },
      { chain: [{ ref: "a/two" }] },
    ]);
  });

  test("stops where it is cancelled, and keeps what was decided", async () => {
    const abort = new AbortController();
    const tried = await tryEach(
      ["one", "two", "three"].map(trial),
      async ({ ownWords }) => {
        if (ownWords === "two") abort.abort();
        return testDecision("a/x");
      },
      abort.signal,
      () => {},
    );
    expect(tried).toHaveLength(2);
  });

  test("lets the editor in between, so that cancelling is heard at all", async () => {
    const abort = new AbortController();
    setImmediate(() => abort.abort());
    const tried = await tryEach(
      new Array<Trial>(1_000_000).fill(trial("x")),
      async () => testDecision("a/x"),
      abort.signal,
      () => {},
    );
    expect(tried.length).toBeLessThan(1_000_000);
  });
});
