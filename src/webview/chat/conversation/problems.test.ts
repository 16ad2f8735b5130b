import { describe, expect, it } from "vitest";
import { decision, summary } from "../../../../test/support/answers.ts";
import { conversation, open, turn } from "../../../../test/support/fakeHost.ts";
import { whySentences } from "../../../explain/why.ts";

describe("what went wrong", () => {
  it("is said in the provider's own words, with the key to be replaced", async () => {
    const failure = {
      kind: "auth",
      provider: "anthropic",
      status: 401,
      message: "invalid x-api-key",
    } as const;
    const { modelUsed: _, ...nobody } = summary({ ending: { kind: "failed", failure } });
    const host = await open(
      { type: "providers", names: { anthropic: "Anthropic" } },
      conversation([turn("t1", "q", { summary: nobody })]),
    );
    expect(host.find(".sy-box h2").textContent).toBe("Anthropic did not accept the key");
    expect(host.find(".sy-said").textContent).toBe("“invalid x-api-key” (401)");
    await host.click(host.button("Replace the key…"));
    expect(host.posted).toContainEqual({ type: "replaceKey", provider: "anthropic" });
  });

  it("is a refused key that another model stepped in for: said in one line, with the way to mend it", async () => {
    const failure = {
      kind: "auth",
      provider: "anthropic",
      status: 401,
      message: "invalid x-api-key",
    } as const;
    const note = { from: "anthropic/claude-sonnet-5-5", to: "openai/gpt-6-luna", failure };
    const answered = summary({ modelUsed: "openai/gpt-6-luna" });
    const host = await open(conversation([turn("t1", "q", { fallbacks: [note], summary: answered })]));
    expect(host.find(".sy-note").textContent).toContain("was not accepted, so gpt-6-luna answered.");
    await host.click(host.button("Replace the key…"));
    expect(host.posted).toContainEqual({ type: "replaceKey", provider: "anthropic" });
  });

  it("offers the ways out of a spent budget, each with its price, and takes one answer", async () => {
    const stop = {
      kind: "over-budget",
      expectedNanoUsd: 40_000_000,
      leftNanoUsd: 10_000_000,
      budgetNanoUsd: 5_000_000_000,
      period: "day",
      choices: [{ kind: "cheapest", ref: "openai/gpt-6-luna", expectedNanoUsd: 900_000 }],
    } as const;
    const { modelUsed: _, ...nobody } = summary({ ending: { kind: "not-sent", reason: stop } });
    const host = await open(conversation([turn("t1", "q", { summary: nobody })]));
    expect(host.root.textContent).toContain(
      "It is expected to cost about $0.040, and $0.010 of $5.00 is left until midnight.",
    );
    await host.click(host.find(".sy-choice"));
    expect(host.posted).toContainEqual({ type: "budgetChoice", turnId: "t1", choice: "cheapest" });
    expect(host.root.querySelector(".sy-choice")).toBeNull();
  });

  it("says whether it is the day’s or the month’s budget that is spent, wherever it says so", async () => {
    const stop = {
      kind: "over-budget",
      expectedNanoUsd: 40_000_000,
      leftNanoUsd: 10_000_000,
      budgetNanoUsd: 20_000_000_000,
      period: "month",
      choices: [],
    } as const;
    const { modelUsed: _, ...nobody } = summary({ ending: { kind: "not-sent", reason: stop } });
    const stopped = decision({ outcome: { kind: "blocked", reason: stop } });
    const host = await open(
      conversation([turn("t0", "q", { text: "a", summary: summary() }), turn("t1", "q")]),
    );
    await host.send(
      { type: "answer", turnId: "t1", busy: false, answer: { fallbacks: [], summary: nobody } },
      { type: "forecast", forecast: { decision: stopped }, draft: "x" },
    );
    await host.type("x");
    expect(host.find(".sy-box").textContent).toContain(
      "This month’s budget does not carry this promptIt is expected to cost about $0.040, and $0.010 of $20.00 is left until the end of the month.",
    );
    expect(host.find("[role=status]").textContent).toBe("This month’s budget does not carry this prompt");
    expect(host.find(".sy-forecast").textContent).toContain("Over this month’s budget");
    expect(whySentences(stopped, nobody, String)).toContain(
      "It is over this month’s budget, so it was not sent.",
    );
  });

  it("warns once of a budget that is nearly spent, until that is put away", async () => {
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
});
