import { describe, expect, test } from "vitest";
import { type ItemWords, itemText } from "./itemText.ts";
import type { StatusState } from "./state.ts";

const words: ItemWords = {
  auto: "Auto",
  simulator: "Simulator",
  free: "free",
  today: (spent) => `${spent} today`,
  budgetSpent: "budget spent",
  nameWithBudget: (model, spent, budget) => `Switchyard, ${model}, ${spent} of ${budget} spent today`,
  nameWithoutBudget: (model, spent) => `Switchyard, ${model}, ${spent} spent today`,
  paused: (models) => `Paused: ${models}`,
  refused: (providers) => `Key not accepted: ${providers}`,
};

const spent = (nanoUsd: number): NonNullable<StatusState["spend"]> => ({
  period: "2026-11-21",
  spentNanoUsd: nanoUsd,
  reservedNanoUsd: 0,
  unknownAttempts: 0,
  byModel: [],
});

const quiet: StatusState = {
  busy: false,
  simulated: false,
  paused: [],
  refused: [],
  switchedOff: [],
  budgetNanoUsd: 5e9,
  warnAt: 0.8,
  lastModel: "anthropic/claude-sonnet-5-5",
  spend: spent(1.24e9),
};

describe("the status bar item", () => {
  test("shows the model of the last answer and what is spent of the budget", () => {
    expect(itemText(quiet, words)).toEqual({
      text: "$(switchyard-mark) claude-sonnet-5-5 · $1.24 / $5",
      accessibleName: "Switchyard, claude-sonnet-5-5, $1.24 of $5.00 spent today",
      spent: false,
    });
  });

  test("says Auto before the first answer", () => {
    const { lastModel, ...before } = quiet;
    expect(itemText({ ...before, spend: spent(0) }, words).text).toBe("$(switchyard-mark) Auto · $0 / $5");
  });

  test("without a budget it says what was spent today", () => {
    const { budgetNanoUsd, ...unlimited } = quiet;
    expect(itemText(unlimited, words).text).toBe("$(switchyard-mark) claude-sonnet-5-5 · $1.24 today");
  });

  test("says that the simulator is free", () => {
    expect(itemText({ ...quiet, simulated: true, spend: spent(0) }, words).text).toBe(
      "$(switchyard-mark) Simulator · free",
    );
  });

  test("puts a warning there while a provider refuses its key, and says whose", () => {
    const shown = itemText({ ...quiet, refused: [{ provider: "anthropic", name: "Anthropic" }] }, words);
    expect(shown.text).toContain("$(warning)");
    expect(shown.accessibleName).toContain(". Key not accepted: Anthropic");
  });

  test("puts a warning in place of the mark while a model is paused, and names it to a screen reader", () => {
    const item = itemText(
      { ...quiet, paused: [{ subject: "openai/gpt-6.1-sol", why: "failures", failures: 3, nextTryAtMs: 1 }] },
      words,
    );
    expect(item.text).toBe("$(warning) claude-sonnet-5-5 · $1.24 / $5");
    expect(item.accessibleName).toContain("Paused: gpt-6.1-sol");
  });

  test("warns before the money from the first threshold on", () => {
    expect(itemText({ ...quiet, spend: spent(4.02e9) }, words).text).toBe(
      "$(switchyard-mark) claude-sonnet-5-5 · $(warning) $4.02 / $5",
    );
  });

  test("says that the budget is spent, and only then asks for a background", () => {
    expect(itemText({ ...quiet, spend: spent(5e9) }, words)).toMatchObject({
      text: "$(switchyard-mark) claude-sonnet-5-5 · budget spent",
      spent: true,
    });
  });

  test("a long model's name gives way, the money never", () => {
    const { text } = itemText({ ...quiet, lastModel: `together/${"very-long-name-".repeat(5)}` }, words);
    expect(text.endsWith("… · $1.24 / $5")).toBe(true);
    expect([...text.replace("$(switchyard-mark) ", "")].length).toBeLessThanOrEqual(40);
  });

  test("a turning icon is all that moves while an answer comes", () => {
    expect(itemText({ ...quiet, busy: true }, words).text).toBe(
      "$(loading~spin) claude-sonnet-5-5 · $1.24 / $5",
    );
  });
});
