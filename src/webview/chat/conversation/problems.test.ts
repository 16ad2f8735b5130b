import { describe, expect, it } from "vitest";
import { attempt, decision, summary } from "../../../../test/support/answers.ts";
import { conversation, open, turn } from "../../../../test/support/views/fakeHost.ts";
import type { AnswerSummary, FailureRecord } from "../../../contract/view/types.ts";
import { whySentences } from "../../../explain/decision/why.ts";

describe("a problem", () => {
  it("is shown with the provider's own message and a button to replace the key", async () => {
    const failure = {
      kind: "auth",
      provider: "anthropic",
      status: 401,
      message: "invalid x-api-key",
    } as const;
    const notCalled = ["anthropic/b", "anthropic/c", "openai/x"].map(
      (ref) => ({ ref, reason: "auth" }) as const,
    );
    const { modelUsed: _, ...unanswered } = summary({ ending: { kind: "failed", failure }, notCalled });
    const host = await open(
      { type: "providers", names: { anthropic: "Anthropic" } },
      conversation([turn("t1", "q", { summary: unanswered })]),
    );
    expect(host.find(".sy-box h2").textContent).toBe("Anthropic rejected the key");
    expect(host.find(".sy-quote").textContent).toBe("“invalid x-api-key” (401)");
    expect(host.find(".sy-box").textContent).toContain("Not asked: x (its key was rejected).");
    await host.click(host.button("Replace the key…"));
    expect(host.posted).toContainEqual({ type: "replaceKey", provider: "anthropic" });
  });

  it("does not list the other models of a provider that is not reachable, or of a machine that is offline", async () => {
    const boxOf = async (failure: FailureRecord, notCalled: AnswerSummary["notCalled"]) => {
      const { modelUsed: _, ...unanswered } = summary({ ending: { kind: "failed", failure }, notCalled });
      const host = await open(
        { type: "providers", names: { openai: "OpenAI" } },
        conversation([turn("t1", "q", { summary: unanswered })]),
      );
      return host.find(".sy-box").textContent;
    };
    const failure = { kind: "unreachable", provider: "openai", message: "getaddrinfo ENOTFOUND" } as const;
    const same = { ref: "openai/gpt-6-luna", reason: "unreachable" } as const;
    const others = await boxOf(failure, [same, { ref: "google/gemini", reason: "auth" }]);
    expect(others).toContain("OpenAI is not reachable");
    expect(others).toContain("Not asked: gemini (its key was rejected).");
    expect(others).toContain("Check the network");
    const offline = await boxOf({ ...failure, isOffline: true }, [same, { ref: "a/m", reason: "offline" }]);
    expect(offline).toContain("This machine is offline");
    expect(offline).not.toContain("Not asked");
  });

  it("lists the models that failed before in the box alone, and offers another model", async () => {
    const failed = (provider: string) => ({ kind: "overloaded", provider, message: "Busy." }) as const;
    const attempts = [
      attempt("openai/a", { kind: "failed", failure: failed("openai") }),
      attempt("mistral/b", { kind: "failed", failure: failed("mistral") }),
    ];
    const ending = { kind: "failed", failure: failed("mistral") } as const;
    const { modelUsed: _, ...unanswered } = summary({ ending, attempts });
    const fallbacks = [{ from: "openai/a", to: "mistral/b", failure: failed("openai") }];
    const host = await open(conversation([turn("t1", "q", { summary: unanswered, fallbacks })]));
    expect(host.root.querySelector(".sy-note")).toBeNull();
    expect(host.find(".sy-box").textContent).toContain("Also tried: a");
    await host.click(host.button("Try another model…"));
    expect(host.postedOf("regenerateWith")).toEqual([{ type: "regenerateWith", turnId: "t1" }]);
  });

  it("offers another model after a refusal", async () => {
    const failure = { kind: "refused", provider: "openai", message: "No." } as const;
    const { modelUsed: _, ...unanswered } = summary({ ending: { kind: "failed", failure } });
    const host = await open(conversation([turn("t1", "q", { summary: unanswered })]));
    expect([...host.root.querySelectorAll(".sy-box button")].map(({ textContent }) => textContent)).toEqual([
      "Try another model…",
    ]);
  });

  it("is shown with both errors if two models rejected the request", async () => {
    const rejected = (provider: string, message: string) =>
      ({ kind: "bad-request", provider, status: 400, message }) as const;
    const [first, second] = [rejected("openai", "No seed."), rejected("mistral", "No stop.")] as const;
    const attempts = [
      attempt("openai/a", { kind: "failed", failure: first }),
      attempt("mistral/b", { kind: "failed", failure: second }),
    ];
    const ending = { kind: "failed", failure: second } as const;
    const { modelUsed: _, ...unanswered } = summary({ ending, attempts });
    const host = await open(conversation([turn("t1", "q", { summary: unanswered })]));
    const quotes = [...host.root.querySelectorAll(".sy-quote")].map(({ textContent }) => textContent);
    expect(quotes).toEqual(["“No stop.” (400)", "a: “No seed.” (400)"]);
  });

  it("is one line where another model answered after a key was rejected, with a button to replace the key", async () => {
    const failure = {
      kind: "auth",
      provider: "anthropic",
      status: 401,
      message: "invalid x-api-key",
    } as const;
    const note = { from: "anthropic/claude-sonnet-5-5", to: "openai/gpt-6-luna", failure };
    const answered = summary({ modelUsed: "openai/gpt-6-luna" });
    const host = await open(conversation([turn("t1", "q", { fallbacks: [note], summary: answered })]));
    expect(host.find(".sy-note").textContent).toContain("was rejected, so gpt-6-luna answered.");
    await host.click(host.button("Replace the key…"));
    expect(host.posted).toContainEqual({ type: "replaceKey", provider: "anthropic" });
  });

  it("is a note above the answer if the budget changed which model answers, or the limit was exceeded", async () => {
    const chain = [{ ref: "p/small" }] as const;
    const notCovered = {
      worstCaseNanoUsd: 54_000_000,
      leftNanoUsd: 1_000_000,
      limit: { kind: "day" },
    } as const;
    const decided = (byBudget?: "cheapest") =>
      decision({
        outcome: { kind: "chosen", chain, byBudget, insteadOf: "p/dear" },
        skipped: [{ ref: "p/dear", reason: "over-budget", ...notCovered }],
      });
    const answered = summary({ modelUsed: "p/small" });
    const noteOf = async (of: ReturnType<typeof decided>) => {
      const host = await open(conversation([turn("t1", "q", { decision: of, summary: answered })]));
      return host.find(".sy-note").textContent.trim();
    };
    const figures = "dear may cost up to $0.054, and $0.0010 of today’s budget is left";
    expect(await noteOf(decided())).toBe(`${figures}, so small was asked.`);
    expect(await noteOf(decided("cheapest"))).toBe(
      `${figures}: small, the cheapest, was asked beyond the budget. It cost $0.0021, and $0.0010 of today’s budget was left: the budget is exceeded.`,
    );
  });

  it("never shows a failed attempt of a paid model as free", async () => {
    const failure = { kind: "cut", provider: "p", message: "" } as const;
    const answered = summary({
      ...{ modelUsed: "p/paid", ending: { kind: "failed", failure }, cost: { kind: "exact", nanoUsd: 0 } },
      attempts: [attempt("p/paid", { kind: "failed", failure })],
    });
    const host = await open(conversation([turn("t1", "q", { summary: answered })]));
    expect(host.find(".sy-foot .sy-quiet").textContent).toContain("$0.00");
    expect(host.find(".sy-foot .sy-quiet").textContent).not.toContain("free");
  });

  it("offers the choices for a prompt over budget with their prices, and accepts one", async () => {
    const reason = {
      kind: "over-budget",
      expectedNanoUsd: 40_000_000,
      leftNanoUsd: 10_000_000,
      budgetNanoUsd: 5_000_000_000,
      limit: { kind: "day" },
      choices: [{ kind: "cheapest", ref: "openai/gpt-6-luna", expectedNanoUsd: 900_000 }],
    } as const;
    const { modelUsed: _, ...unanswered } = summary({ ending: { kind: "not-sent", reason } });
    const host = await open(conversation([turn("t1", "q", { summary: unanswered })]));
    expect(host.root.textContent).toContain(
      "It is expected to cost about $0.040. $0.010 of $5.00 is left until midnight.",
    );
    await host.click(host.find(".sy-choice"));
    expect(host.posted).toContainEqual({ type: "budgetChoice", turnId: "t1", choice: "cheapest" });
    expect(host.root.querySelector(".sy-choice")).toBeNull();
  });

  it("names the period of the budget wherever a prompt is over budget", async () => {
    const reason = {
      kind: "over-budget",
      expectedNanoUsd: 40_000_000,
      leftNanoUsd: 10_000_000,
      budgetNanoUsd: 20_000_000_000,
      limit: { kind: "month" },
      choices: [],
    } as const;
    const { modelUsed: _, ...unanswered } = summary({ ending: { kind: "not-sent", reason } });
    const blocked = decision({ outcome: { kind: "blocked", reason } });
    const host = await open(
      conversation([turn("t0", "q", { text: "a", summary: summary() }), turn("t1", "q")]),
    );
    await host.send(
      { type: "answer", turnId: "t1", busy: false, answer: { fallbacks: [], summary: unanswered } },
      { type: "forecast", forecast: { decision: blocked, earlierTokens: 0 }, draft: "x" },
    );
    await host.type("x");
    expect(host.find(".sy-box").textContent).toContain(
      "Not enough budget left this monthIt is expected to cost about $0.040. $0.010 of $20.00 is left until the end of the month.",
    );
    expect(host.find("[role=status]").textContent).toBe("Not enough budget left this month");
    expect(host.find(".sy-forecast").textContent).toContain("Over this month’s budget");
    expect(whySentences(blocked, unanswered, String)).toContain(
      "It could cost up to $0.040, and $0.010 of this month’s budget is left, so it was not sent.",
    );
  });

  it("names the place in the settings if a route or a provider cannot be read, and opens it", async () => {
    const problem = 'switchyard.routes[0].when.path: "path" is not a known key.';
    const reason = { kind: "invalid-route", problem } as const;
    const { modelUsed: _, ...unanswered } = summary({ ending: { kind: "not-sent", reason } });
    const route = await open(conversation([turn("t1", "q", { summary: unanswered })]));
    expect(route.find(".sy-box").textContent).toContain(`The route of this prompt cannot be read${problem}`);
    await route.click(route.button("Edit routes…"));
    expect(route.posted).toContainEqual({ type: "command", command: "editRoutes" });

    const skipped = { ref: "openai/gpt-6-luna", reason: "invalid-provider", problem } as const;
    const ending = { kind: "not-sent", reason: { kind: "no-model-available" } } as const;
    const blocked = decision({ outcome: { kind: "blocked", reason: ending.reason }, skipped: [skipped] });
    const answer = { decision: blocked, summary: { ...unanswered, ending } };
    const provider = await open(conversation([turn("t1", "q", answer)]));
    expect(provider.find(".sy-box").textContent).toContain(`Its provider cannot be used: ${problem}`);
    await provider.click(provider.button("Open settings…"));
    expect(provider.posted).toContainEqual({ type: "command", command: "openSettings" });
  });

  it("offers another model for a prompt that no model of its route is able to answer", async () => {
    const { modelUsed: _, ...unanswered } = summary();
    const reason = { kind: "no-model-available" } as const;
    const blocked = decision({
      outcome: { kind: "blocked", reason },
      skipped: [{ ref: "a/m", reason: "capability", missing: "vision" }],
    });
    const answer = {
      decision: blocked,
      summary: { ...unanswered, ending: { kind: "not-sent", reason } },
    } as const;
    const host = await open(conversation([turn("t1", "q", answer)]));
    expect(host.find(".sy-box").textContent).toContain("No model of this route can read images");
    await host.click(host.button("Try another model…"));
    expect(host.postedOf("regenerateWith")).toEqual([{ type: "regenerateWith", turnId: "t1" }]);
  });

  it("offers to leave out earlier turns if a long conversation makes the prompt too long or too expensive", async () => {
    const tooLong = decision({
      outcome: { kind: "blocked", reason: { kind: "no-model-available" } },
      skipped: [{ ref: "a/m", reason: "context-window", tokens: 525_000, maxInputTokens: 200_000 }],
    });
    const reason = {
      kind: "over-budget",
      expectedNanoUsd: 40_000_000,
      leftNanoUsd: 10_000_000,
      budgetNanoUsd: 5_000_000_000,
      limit: { kind: "day" },
      choices: [],
    } as const;
    const tooExpensive = decision({ expectedInputTokens: 525_000, outcome: { kind: "blocked", reason } });
    const { modelUsed: _, ...unanswered } = summary();
    const failure = { kind: "context-length", provider: "openai", status: 400, message: "too long" } as const;
    const endings = [
      { decision: tooLong, ending: { kind: "not-sent", reason: { kind: "no-model-available" } } },
      { decision: tooExpensive, ending: { kind: "not-sent", reason } },
      { decision: decision(), ending: { kind: "failed", failure } },
    ] as const;
    for (const { ending, ...answer } of endings) {
      const blocked = turn("t2", "q", { ...answer, summary: { ...unanswered, ending } });
      const host = await open(conversation([turn("t1", "q", { text: "a", summary: summary() }), blocked]));
      const named = (name: string) =>
        [...host.root.querySelectorAll("button")].find(({ textContent }) => textContent === name);
      await host.click(host.button("Leave out the oldest turns…"));
      await host.click(host.button("Move to a new conversation"));
      expect(host.postedOf("leaveOut")).toEqual([{ type: "leaveOut", turnId: "t2" }]);
      expect(host.postedOf("moveToNew")).toEqual([{ type: "moveToNew", turnId: "t2" }]);
      await host.send(conversation([blocked]));
      expect(named("Leave out the oldest turns…")).toBeUndefined();
    }
  });

  it("shows the budget warning until the user dismisses it", async () => {
    const host = await open(conversation([]), {
      type: "budget",
      budget: { spentNanoUsd: 4_020_000_000, budgetNanoUsd: 5_000_000_000, unknown: false },
    });
    await host.send({ type: "budgetWarning", percent: 80 });
    expect(host.find("[role=status]").textContent).toBe("80% of today’s budget is spent: $4.02 of $5.00.");
    await host.click(host.button("Dismiss"));
    expect(host.root.querySelector(".sy-strip")).toBeNull();
    expect(host.postedOf("dismissWarning")).toHaveLength(1);
  });

  it.each([
    [4_755_000_000, "95% of today’s budget is spent: $4.75 of $5.00."],
    [5_001_000_000, "Today’s budget is used up: $5.00 of $5.00."],
  ])("warns with what is spent: %d nano-dollars of five dollars", async (spentNanoUsd, text) => {
    const budget = { spentNanoUsd, budgetNanoUsd: 5_000_000_000, unknown: false };
    const host = await open(conversation([]), { type: "budget", budget });
    await host.send({ type: "budgetWarning", percent: 80 });
    expect(host.find("[role=status]").textContent).toBe(text);
  });
});
