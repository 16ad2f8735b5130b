import { describe, expect, it } from "vitest";
import { attempt as call, decision, summary } from "../../../test/support/answers.ts";
import type { AnswerSummary, Attempt, ResumeMethod } from "../../contract/answer.ts";
import type { ChainStep, Decision } from "../../contract/decision.ts";
import { describeAttempt, describeOtherModels, describePurpose, describeSkippedEvents } from "../attempts.ts";
import { describeCandidate } from "./candidates.ts";
import { describePick } from "./picks.ts";
import { whySentences } from "./why.ts";

const chain = [{ ref: "p/a" }, { ref: "p/b" }, { ref: "p/c" }, { ref: "p/d" }] as const;
const chosen = decision({ outcome: { kind: "chosen", chain } });

function attempt(ref: string, answered = false): Attempt {
  const failure = { kind: "overloaded", provider: "p", message: "" } as const;
  return call(ref, answered ? { kind: "answered" } : { kind: "failed", failure });
}

/** The sentence about the fallback after `failed` failed in turn and `used` answered. */
function fallback(
  failed: readonly string[],
  used: string | undefined,
  change: Partial<Decision> = {},
): string | undefined {
  const { modelUsed: _, ...unanswered } = summary();
  const attempts = [
    ...failed.map((ref) => attempt(ref)),
    ...(used === undefined ? [] : [attempt(used, true)]),
  ];
  const answer = {
    ...unanswered,
    attempts,
    fallbackCount: 0,
    modelUsed: used,
  };
  return whySentences({ ...chosen, ...change }, answer, (ref) => ref.slice(2)).at(1);
}

function candidates(failed: readonly string[], used: string, decision: Decision = chosen): string[] {
  const steps: readonly ChainStep[] = decision.outcome.kind === "chosen" ? decision.outcome.chain : [];
  const attempts = [...failed.map((ref) => attempt(ref)), attempt(used, true)];
  const answer = summary({ modelUsed: used, attempts });
  return steps.map((step) => describeCandidate(step, steps, decision, answer).text.split(". Cost")[0] ?? "");
}

it("says how certain the quality of a candidate is", () => {
  const text = (step: ChainStep) =>
    describeCandidate(step, [step], chosen, summary({ modelUsed: step.ref })).text;
  expect(text({ ref: "p/a", quality: 0.7, qualityBasis: "estimate" })).toContain("quality 0.70, an estimate");
  expect(text({ ref: "p/a", quality: 0.66, qualityBasis: "measured" })).toContain("quality 0.66, measured");
  expect(text({ ref: "p/a", quality: 0.5, qualityBasis: "settings" })).toContain(
    "quality 0.50, from the settings",
  );
  const estimate = { ref: "p/a", quality: 0.7, qualityBasis: "estimate", qualityError: 0.12 } as const;
  expect(text(estimate)).toContain("quality 0.70\u00a0±\u00a00.12, an estimate");
});

it("says that a candidate of higher quality is not certain to be better", () => {
  const step = (ref: string, quality: number, qualityError: number | undefined) => ({
    ref,
    quality,
    qualityError,
  });
  const sentences = (steps: readonly [ChainStep, ...ChainStep[]], pick: Decision["pick"] = "best-quality") =>
    whySentences({ ...chosen, pick, outcome: { kind: "chosen", chain: steps } }, summary(), String).join(" ");
  const uncertain = "p/c has a higher quality (0.84), but the difference is within its uncertainty.";
  const first = step("p/a", 0.7, 0.12);
  const steps = [first, step("p/b", 0.8, 0.12), step("p/c", 0.84, 0.12), step("p/d", 0.9, 0.02)] as const;
  expect(sentences(steps)).toContain(uncertain);
  expect(sentences(steps, "first")).not.toContain("uncertainty");
  expect(sentences([first, step("p/d", 0.9, 0.02)])).not.toContain("uncertainty");
  expect(sentences([first, step("p/c", 0.84, undefined)])).not.toContain("uncertainty");
  expect(sentences([step("p/a", 0.66, 0.02), step("p/b", 0.68, 0.02)])).toContain("uncertainty");
  expect(sentences([step("p/a", 0.66, 0.02), step("p/b", 0.7, 0.02)])).not.toContain("uncertainty");
});

it("names the position of the dial if it shifts the derived route", () => {
  const sentence = (dial?: "cheap" | "best") =>
    whySentences({ ...chosen, route: { kind: "derived", level: "low", dial } }, summary(), String)[0];
  expect(sentence()).not.toContain("dial");
  expect(sentence("cheap")).toContain("the dial is at Cheap");
  expect(sentence("best")).toContain("the dial is at Best");
});

it.each([
  ["regenerate", "You asked for another answer than that of p/b, so a stronger model was asked."],
  ["stronger", "You asked for a stronger model than p/b."],
  ["undone-edit", "The edit by p/b was undone, so a stronger model was asked."],
  ["discarded-edit", "The edit by p/b was discarded, so a stronger model was asked."],
  ["new-errors", "The edit by p/b led to new errors, so a stronger model was asked."],
  ["not-fixed", "The edit by p/b did not fix the problem, so a stronger model was asked."],
  ["failed-test", "The verify command failed with the edit by p/b, so a stronger model was asked."],
] as const)("names the act that a stronger model was asked after: %s", (reason, sentence) => {
  const escalation = { decisionId: "d", from: "p/b", to: { ref: "p/a" }, reason, by: "quality" } as const;
  const escalated = { ...chosen, attributes: { ...chosen.attributes, escalation } };
  const used = summary({ modelUsed: "p/a" });
  expect(whySentences(escalated, used, (ref) => ref)).toContain(sentence);
  const other = { ...escalation, to: { ref: "p/x" } };
  const notAsked = { ...chosen, attributes: { ...chosen.attributes, escalation: other } };
  expect(whySentences(notAsked, used, (ref) => ref)).not.toContain(sentence);
});

it.each([
  ["new-errors", 2, "2 new errors", "The edit by p/b led to 2 new errors, so a stronger model was asked."],
  ["new-errors", 1, "1 new error", "The edit by p/b led to 1 new error, so a stronger model was asked."],
  ["not-fixed", undefined, "not fixed", "The edit by p/b did not fix the problem"],
  ["undone-edit", undefined, "the edit was undone", "The edit by p/b was undone"],
  ["failed-test", undefined, "the verify command failed", "The verify command failed with the edit by p/b"],
] as const)("says what was wrong with an edit: %s, %s", (reason, newErrors, cause, sentence) => {
  const to = { ref: "p/a" };
  const escalation = { decisionId: "d", from: "p/b", to, reason, newErrors, by: "quality" } as const;
  const escalated = { ...chosen, attributes: { ...chosen.attributes, escalation } };
  expect(whySentences(escalated, summary({ modelUsed: "p/a" }), String).join(" ")).toContain(sentence);
  expect(describePick(escalated)).toBe(`The step to a stronger model: ${cause}`);
});

describe("the explanation of a held complexity", () => {
  const sentences = (held: Decision["held"]) =>
    whySentences({ ...chosen, held }, summary({ modelUsed: "p/a" }), (ref) => ref);

  it("names the prompt that it is held from, and a new topic that is not worth a switch", () => {
    expect(sentences({ level: "high", score: 0.8, prompt: 1 })).toContain(
      "The complexity is held from the first prompt of the conversation.",
    );
    expect(sentences({ level: "high", score: 0.8, prompt: 3, isNewTopic: true })).toEqual(
      expect.arrayContaining([
        "The complexity is held from prompt 3 of the conversation.",
        "This prompt is about something else, but the model for it would not cost less.",
      ]),
    );
  });
});

describe("the explanation of a fallback", () => {
  it("is left out where the first model answered, after any number of attempts", () => {
    expect(fallback([], "p/a")).toBeUndefined();
    expect(fallback(["p/a"], "p/a")).toBeUndefined();
  });

  it("counts the models that failed, not their attempts", () => {
    expect(fallback(["p/a", "p/a"], "p/b")).toBe("Its first model did not answer, so the next one did.");
    expect(fallback(["p/a", "p/b", "p/b"], "p/c")).toBe(
      "Its first 2 models did not answer, so the next one did.",
    );
  });

  it("counts models that were no longer available apart from those that failed", () => {
    expect(fallback([], "p/b")).toBe("Its first model was no longer available, so the next one answered.");
    expect(fallback([], "p/c")).toBe(
      "Its first 2 models were no longer available, so the next one answered.",
    );
    expect(fallback(["p/a"], "p/c")).toBe(
      "One of its models did not answer and one was no longer available, so the next one answered.",
    );
    expect(fallback(["p/a"], "p/d")).toBe(
      "Some of its first 3 models did not answer and some were no longer available, so the next one answered.",
    );
    expect(candidates(["p/a"], "p/c")).toEqual([
      "First choice, failed",
      "Not asked: no longer available",
      "Next in order, answered",
      "Next in order, not needed",
    ]);
    expect(candidates([], "p/b")[0]).toBe("Not asked: no longer available");
  });

  it("distinguishes models that did not answer from models that were not asked", () => {
    expect(fallback(["p/a"], undefined)).toBe("No model answered.");
    expect(fallback([], undefined)).toBe("None of the candidates was available any more.");
  });

  it("names a follow-up, and claims that the previous model answers only where it did", () => {
    const followUp = { ...chosen, followUp: true };
    expect(whySentences(followUp, summary({ modelUsed: "p/a" }), String)).toEqual([
      "A short follow-up: the previous model answers again.",
    ]);
    expect(whySentences(followUp, summary({ modelUsed: "p/b", attempts: [attempt("p/a")] }), String)).toEqual(
      [
        "A short follow-up: it goes to the previous model.",
        "Its first model did not answer, so the next one did.",
      ],
    );
  });
});

it("names the model that a provider used in place of the one that was asked", () => {
  const attempts = [{ ...attempt("p/a", true), answeredBy: "p/dear" }];
  const sentences = whySentences(chosen, summary({ modelUsed: "p/a", attempts }), (ref) => ref.slice(2));
  expect(sentences.at(-1)).toBe("The provider used dear in place of a.");
});

describe("the reason that a model comes first", () => {
  const experiment = { name: "e", arm: "treatment", unit: "u" } as const;
  const stayed = { kind: "stayed", last: "p/a", other: "p/b", cachedTokens: 1 } as const;

  it.each([
    ["the experiment", { experiment }, "Chosen by the experiment. Answered"],
    ["a warm cache", { affinity: stayed }, "Stayed: its cache is warm. Answered"],
    ["the previous prompt", { followUp: true }, "Kept from the previous prompt. Answered"],
    [
      "the pick, where the arm’s own model may have been skipped",
      { experiment, skipped: [{ ref: "p/z", reason: "switched-off" }] },
      "First choice, answered",
    ],
  ] as const)("is %s", (_, change, expected) => {
    expect(candidates([], "p/a", { ...chosen, ...change })).toEqual([
      expected,
      "Next in order, not needed",
      "Next in order, not needed",
      "Next in order, not needed",
    ]);
  });
});

describe("the explanation of a broken answer", () => {
  const cut = { kind: "cut", provider: "p", message: "" } as const;
  const broken = (ref: string, resumeMethod?: ResumeMethod) =>
    call(ref, { kind: "failed", failure: cut }, resumeMethod);
  const answered = (ref: string, resumeMethod?: ResumeMethod) =>
    call(ref, { kind: "answered" }, resumeMethod);
  const notResumed = (ref: string, resumeMethod: ResumeMethod) =>
    call(ref, { kind: "not-resumed" }, resumeMethod);

  /** The sentences after the one about the route, and the line of each candidate. */
  function explain(change: Partial<AnswerSummary>): {
    readonly sentences: string[];
    readonly steps: string[];
  } {
    const { modelUsed: _, ...unanswered } = summary();
    const answer = { ...unanswered, ...change };
    return {
      sentences: whySentences(chosen, answer, (ref) => ref.slice(2)).slice(1),
      steps: chain.map(
        (step) => describeCandidate(step, chain, chosen, answer).text.split(". Cost")[0] ?? "",
      ),
    };
  }

  it("names the model that continued it, and how", () => {
    expect(
      explain({
        modelUsed: "p/c",
        attempts: [attempt("p/a"), broken("p/b"), answered("p/c", "prefill")],
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

  it("names the models that did not continue it, and each time that it broke", () => {
    expect(
      explain({
        modelUsed: "p/d",
        attempts: [
          broken("p/a"),
          notResumed("p/b", "prefill"),
          notResumed("p/b", "anchor"),
          broken("p/c", "anchor"),
          answered("p/d", "anchor"),
        ],
        handoffs: [
          { from: "p/a", to: "p/c", method: "anchor" },
          { from: "p/c", to: "p/d", method: "anchor" },
        ],
      }),
    ).toEqual({
      sentences: [
        "a broke off midway; c was given its text and continued from the last words.",
        "c broke off midway; d was given its text and continued from the last words.",
      ],
      steps: [
        "First choice, broke off midway",
        "Next in order, did not continue the answer",
        "Next in order, broke off midway",
        "Next in order, continued the answer",
      ],
    });
  });

  it("reports a restart", () => {
    expect(
      explain({
        modelUsed: "p/b",
        attempts: [broken("p/a"), notResumed("p/b", "anchor"), answered("p/b")],
        handoffs: [{ from: "p/a", to: "p/b", method: "restart" }],
      }),
    ).toMatchObject({
      sentences: ["a broke off midway; its text was removed, and b answered instead."],
      steps: [
        "First choice, broke off midway",
        "Next in order, answered",
        expect.anything(),
        expect.anything(),
      ],
    });
  });

  it.each([
    ["without another attempt", [], "a broke off midway."],
    [
      "after other models did not continue it",
      [notResumed("p/b", "anchor")],
      "a broke off midway, and no other model could continue.",
    ],
  ] as const)("reports an answer that stays incomplete %s", (_, others, sentence) => {
    const attempts = [broken("p/a"), ...others];
    expect(explain({ modelUsed: "p/a", attempts, ending: { kind: "failed", failure: cut } })).toMatchObject({
      sentences: [sentence],
      steps: ["First choice, broke off midway", ...Array(3).fill(expect.anything())],
    });
  });

  it("reports that the user stopped before another model continued", () => {
    const stopped = { kind: "cancelled", provider: "p", message: "" } as const;
    expect(
      explain({
        modelUsed: "p/a",
        attempts: [broken("p/a"), call("p/b", { kind: "failed", failure: stopped }, "anchor")],
        ending: { kind: "stopped" },
      }).sentences,
    ).toEqual(["a broke off midway, and you stopped before another model continued."]);
  });

  it("describes the purpose of each attempt, and an answer that did not continue as neither success nor failure", () => {
    expect(
      [answered("p/b", "prefill"), notResumed("p/b", "anchor")].map((each) => describePurpose(each)),
    ).toEqual([
      "Given the partial answer as the beginning of its own.",
      "Asked to continue the partial answer from its last words.",
    ]);
    expect(describeAttempt(notResumed("p/b", "anchor"), false)).toBe(
      "Answered, but did not continue the partial answer: none of it was shown.",
    );
    const { modelUsed: _, ...unanswered } = summary();
    const attempts = [notResumed("p/b", "anchor"), broken("p/c")];
    expect(describeOtherModels(undefined, { ...unanswered, attempts }, (ref) => ref.slice(2))).toEqual([
      "Also tried: b (did not continue the answer).",
    ]);
  });
});

it("shows how many events of an answer were skipped", () => {
  const skipped = (skippedEvents?: number) =>
    describeSkippedEvents(call("p/a", { kind: "answered", skippedEvents }));
  expect(skipped()).toBeUndefined();
  expect(skipped(1)).toBe("One event of its stream could not be read, and held no text.");
  expect(skipped(2000)).toBe("2,000 events of its stream could not be read, and held no text.");
});
