import { describe, expect, it } from "vitest";
import type { Attempt, ChainStep, Decision } from "../../contract/view/shown.ts";
import { decision, summary } from "../chat/fakeHost.ts";
import { candidateWords } from "./candidates.ts";
import { whySentences } from "./why.ts";

const chain = [{ ref: "p/a" }, { ref: "p/b" }, { ref: "p/c" }, { ref: "p/d" }] as const;
const chosen = decision({ outcome: { kind: "chosen", chain } });

function attempt(ref: string, answered = false): Attempt {
  const failure = { kind: "overloaded", provider: "p", words: "" } as const;
  return {
    ref,
    startedMs: 0,
    tookMs: 1,
    cost: { kind: "exact", nanoUsd: 0 },
    outcome: answered ? { kind: "answered" } : { kind: "failed", failure },
  };
}

/** How it is said to have ended, when these failed in turn and then that one answered. */
function end(
  failed: readonly string[],
  used: string | undefined,
  change: Partial<Decision> = {},
): string | undefined {
  const { modelUsed: _, ...nobody } = summary();
  const attempts = [
    ...failed.map((ref) => attempt(ref)),
    ...(used === undefined ? [] : [attempt(used, true)]),
  ];
  const told = { ...nobody, attempts, fallbackCount: 0, ...(used === undefined ? {} : { modelUsed: used }) };
  return whySentences({ ...chosen, ...change }, told, (ref) => ref.slice(2)).at(1);
}

function candidates(failed: readonly string[], used: string, of: Decision = chosen): string[] {
  const steps: readonly ChainStep[] = of.outcome.kind === "chosen" ? of.outcome.chain : [];
  const attempts = [...failed.map((ref) => attempt(ref)), attempt(used, true)];
  const told = summary({ modelUsed: used, attempts });
  return steps.map((step) => candidateWords(step, steps, of, told).words.split(". Cost")[0] ?? "");
}

describe("how it came to the model that answered", () => {
  it("says nothing where the first one did, however often it was asked", () => {
    expect(end([], "p/a")).toBeUndefined();
    expect(end(["p/a"], "p/a")).toBeUndefined();
  });

  it("counts the models that failed, not their attempts", () => {
    expect(end(["p/a", "p/a"], "p/b")).toBe("Its first model did not answer, so the next one did.");
    expect(end(["p/a", "p/b", "p/b"], "p/c")).toBe("Its first 2 models did not answer, so the next one did.");
  });

  it("never says that none failed: those that were passed on the way have words of their own", () => {
    expect(end([], "p/b")).toBe("Its first model could not be asked any more, so the next one answered.");
    expect(end([], "p/c")).toBe("Its first 2 models could not be asked any more, so the next one answered.");
    expect(end(["p/a"], "p/c")).toBe(
      "One of its models did not answer and one could not be asked any more, so the next one answered.",
    );
    expect(end(["p/a"], "p/d")).toBe(
      "Of its first 3 models some did not answer and some could not be asked any more, so the next one answered.",
    );
    expect(candidates(["p/a"], "p/c")).toEqual([
      "First choice, failed",
      "Not asked: it could not be asked any more",
      "Next in order, answered",
      "Next in order, not needed",
    ]);
    expect(candidates([], "p/b")[0]).toBe("Not asked: it could not be asked any more");
  });

  it("tells nobody answering from nobody being asked", () => {
    expect(end(["p/a"], undefined)).toBe("No model answered.");
    expect(end([], undefined)).toBe("None of the candidates could be asked any more.");
  });

  it("calls a follow-up one, and does not say that a model answers which did not", () => {
    const followUp = { ...chosen, followUp: true };
    expect(whySentences(followUp, summary({ modelUsed: "p/a" }), String)).toEqual([
      "A short follow-up: the model before it answers again.",
    ]);
    expect(whySentences(followUp, summary({ modelUsed: "p/b", attempts: [attempt("p/a")] }), String)).toEqual(
      [
        "A short follow-up: it goes to the model before it.",
        "Its first model did not answer, so the next one did.",
      ],
    );
  });
});

describe("what put a model first", () => {
  const experiment = { name: "e", arm: "treatment", unit: "u" } as const;
  const stayed = { kind: "stayed", last: "p/a", other: "p/b", cachedTokens: 1 } as const;

  it.each([
    ["the experiment", { experiment }, "Chosen by the experiment. Answered"],
    ["a warm cache", { affinity: stayed }, "Stayed: its cache is warm. Answered"],
    ["the prompt before", { followUp: true }, "Kept from the prompt before. Answered"],
    [
      "the pick, where the arm’s own model may have been passed over",
      { experiment, passedOver: [{ ref: "p/z", reason: "switched-off" }] },
      "First choice, answered",
    ],
  ] as const)("is said: %s", (_, change, words) => {
    expect(candidates([], "p/a", { ...chosen, ...change })).toEqual([
      words,
      "Next in order, not needed",
      "Next in order, not needed",
      "Next in order, not needed",
    ]);
  });
});
