import { describe, expect, it, vi } from "vitest";
import { itemText, type StatusState } from "./itemText.ts";

vi.mock("vscode", () => import("../../../test/support/views/fakeVscode.ts"));

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
  rejectedKeys: [],
  switchedOff: [],
  budgetNanoUsd: 5e9,
  warnAt: 0.8,
  lastModel: "anthropic/claude-sonnet-5-5",
  spend: spent(1.24e9),
};

describe("the status bar item", () => {
  it("shows the model of the last answer, and today's spend against the budget", () => {
    expect(itemText(quiet)).toEqual({
      text: "$(switchyard-mark) claude-sonnet-5-5 · $1.24 / $5",
      accessibleName: "Switchyard, claude-sonnet-5-5, $1.24 of $5.00 spent today",
      isSpent: false,
    });
  });

  it("shows Auto before the first answer", () => {
    const before = { ...quiet, lastModel: undefined, spend: spent(0) };
    expect(itemText(before).text).toBe("$(switchyard-mark) Auto · $0 / $5");
  });

  it("shows today's spend alone where there is no budget", () => {
    const item = itemText({ ...quiet, budgetNanoUsd: undefined });
    expect(item.text).toBe("$(switchyard-mark) claude-sonnet-5-5 · $1.24 today");
    expect(item.accessibleName).toBe("Switchyard, claude-sonnet-5-5, $1.24 spent today");
  });

  it("shows that the simulator is free", () => {
    expect(itemText({ ...quiet, simulated: true, spend: spent(0) }).text).toBe(
      "$(switchyard-mark) Simulator · free",
    );
  });

  it("shows a warning while a provider rejects its key, and names the provider", () => {
    const item = itemText({ ...quiet, rejectedKeys: [{ provider: "anthropic", name: "Anthropic" }] });
    expect(item.text).toContain("$(warning)");
    expect(item.accessibleName).toContain(". Key rejected: Anthropic");
  });

  it("shows a warning instead of the logo while a model is paused, and names it to a screen reader", () => {
    const paused = { subject: "openai/gpt-6.1-sol", why: "failures", failures: 3, nextTryAtMs: 1 } as const;
    const item = itemText({ ...quiet, paused: [paused] });
    expect(item.text).toBe("$(warning) claude-sonnet-5-5 · $1.24 / $5");
    expect(item.accessibleName).toContain("Paused: gpt-6.1-sol");
  });

  it("shows a warning before the amount from the first threshold on", () => {
    expect(itemText({ ...quiet, spend: spent(4.02e9) }).text).toBe(
      "$(switchyard-mark) claude-sonnet-5-5 · $(warning) $4.02 / $5",
    );
  });

  it("shows that the budget is spent, and has a background only then", () => {
    expect(itemText({ ...quiet, spend: spent(5e9) })).toMatchObject({
      text: "$(switchyard-mark) claude-sonnet-5-5 · budget spent",
      isSpent: true,
    });
  });

  it("cuts a long model's name, never the amount", () => {
    const { text } = itemText({ ...quiet, lastModel: `together/${"very-long-name-".repeat(5)}` });
    expect(text.endsWith("… · $1.24 / $5")).toBe(true);
    expect([...text.replace("$(switchyard-mark) ", "")].length).toBeLessThanOrEqual(40);
  });

  it("changes only its icon while an answer is being written", () => {
    expect(itemText({ ...quiet, busy: true }).text).toBe("$(loading~spin) claude-sonnet-5-5 · $1.24 / $5");
  });
});
