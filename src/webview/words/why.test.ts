import { describe, expect, it } from "vitest";
import { attempt as call, decision, summary } from "../../../test/support/fakeHost.ts";
import type { AnswerSummary, Attempt, ChainStep, Continuation, Decision } from "../../contract/view/shown.ts";
import { attemptWords, purposeWords } from "./attempts.ts";
import { candidateWords } from "./candidates.ts";
import { triedWords } from "./tried.ts";
import { whySentences } from "./why.ts";

const chain = [{ ref: "p/a" }, { ref: "p/b" }, { ref: "p/c" }, { ref: "p/d" }] as const;
const chosen = decision({ outcome: { kind: "chosen", chain } });

function attempt(ref: string, answered = false): Attempt {
  const failure = { kind: "overloaded", provider: "p", message: "" } as const;
  return call(ref, answered ? { kind: "answered" } : { kind: "failed", failure });
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
      { experiment, skipped: [{ ref: "p/z", reason: "switched-off" }] },
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

describe("an answer that was torn", () => {
  const cut = { kind: "cut", provider: "p", message: "" } as const;
  const broke = (ref: string, continues?: Continuation) =>
    call(ref, { kind: "failed", failure: cut }, continues);
  const answered = (ref: string, continues?: Continuation) => call(ref, { kind: "answered" }, continues);
  const unjoined = (ref: string, continues: Continuation) => call(ref, { kind: "not-resumed" }, continues);

  /** What is told of it behind the reason for its route, and of each candidate. */
  function told(change: Partial<AnswerSummary>): { readonly sentences: string[]; readonly steps: string[] } {
    const { modelUsed: _, ...nobody } = summary();
    const of = { ...nobody, ...change };
    return {
      sentences: whySentences(chosen, of, (ref) => ref.slice(2)).slice(1),
      steps: chain.map((step) => candidateWords(step, chain, chosen, of).words.split(". Cost")[0] ?? ""),
    };
  }

  it("says who continued it, and by which means", () => {
    expect(
      told({
        modelUsed: "p/c",
        attempts: [attempt("p/a"), broke("p/b"), answered("p/c", "prefill")],
        handoffs: [{ from: "p/b", to: "p/c", method: "prefill" }],
      }),
    ).toEqual({
      sentences: [
        "Its first model did not answer, so the next one did.",
        "b broke off midway; c was given its text as a beginning and continued it.",
      ],
      steps: [
        "First choice, failed",
        "Next in order, broke off midway",
        "Next in order, continued the answer",
        "Next in order, not needed",
      ],
    });
  });

  it("says who did not go on with it, and each time that it was torn", () => {
    expect(
      told({
        modelUsed: "p/d",
        attempts: [
          broke("p/a"),
          unjoined("p/b", "prefill"),
          unjoined("p/b", "anchor"),
          broke("p/c", "anchor"),
          answered("p/d", "anchor"),
        ],
        handoffs: [
          { from: "p/a", to: "p/c", method: "anchor" },
          { from: "p/c", to: "p/d", method: "anchor" },
        ],
      }),
    ).toEqual({
      sentences: [
        "a broke off midway; c was shown its text and went on from the last words.",
        "c broke off midway; d was shown its text and went on from the last words.",
      ],
      steps: [
        "First choice, broke off midway",
        "Next in order, did not go on with the answer",
        "Next in order, broke off midway",
        "Next in order, continued the answer",
      ],
    });
  });

  it("says that it was answered anew", () => {
    expect(
      told({
        modelUsed: "p/b",
        attempts: [broke("p/a"), unjoined("p/b", "anchor"), answered("p/b")],
        handoffs: [{ from: "p/a", to: "p/b", method: "restart" }],
      }),
    ).toMatchObject({
      sentences: ["a broke off midway; its text was taken back, and b answered anew."],
      steps: [
        "First choice, broke off midway",
        "Next in order, answered",
        expect.anything(),
        expect.anything(),
      ],
    });
  });

  it.each([
    ["by nobody else", [], "a broke off midway."],
    ["in vain by others", [unjoined("p/b", "anchor")], "a broke off midway, and no other model could go on."],
  ] as const)("and is not whole, tried %s", (_, others, sentence) => {
    const attempts = [broke("p/a"), ...others];
    expect(told({ modelUsed: "p/a", attempts, ending: { kind: "failed", failure: cut } })).toMatchObject({
      sentences: [sentence],
      steps: ["First choice, broke off midway", ...Array(3).fill(expect.anything())],
    });
  });

  it("says that it was stopped before another went on, and does not call it the next one’s answer", () => {
    const stopped = { kind: "cancelled", provider: "p", message: "" } as const;
    expect(
      told({
        modelUsed: "p/a",
        attempts: [broke("p/a"), call("p/b", { kind: "failed", failure: stopped }, "anchor")],
        ending: { kind: "stopped" },
      }).sentences,
    ).toEqual(["a broke off midway, and you stopped it before another went on."]);
  });

  it("says of each attempt what it was for, and that an answer was not joined, as neither a success nor a failure", () => {
    expect([answered("p/b", "prefill"), unjoined("p/b", "anchor")].map((each) => purposeWords(each))).toEqual(
      [
        "Given the torn answer as its own beginning.",
        "Asked to go on with the torn answer from its last words.",
      ],
    );
    expect(attemptWords(unjoined("p/b", "anchor"), false)).toBe(
      "Answered, but did not go on with it: nothing of that was shown.",
    );
    const { modelUsed: _, ...nobody } = summary();
    const attempts = [unjoined("p/b", "anchor"), broke("p/c")];
    expect(triedWords(undefined, { ...nobody, attempts }, (ref) => ref.slice(2))).toEqual([
      "Asked before it: b (did not go on with the answer).",
    ]);
  });
});
