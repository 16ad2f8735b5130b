import { describe, expect, it, vi } from "vitest";
import type { StatusState } from "./itemText.ts";
import { tooltip } from "./tooltip.ts";

vi.mock("vscode", () => import("../../../test/support/views/fakeVscode.ts"));

const NOW = 1_000_000;
const quiet: StatusState = {
  busy: false,
  simulated: false,
  paused: [],
  rejectedKeys: [],
  switchedOff: [],
  budgetNanoUsd: 5e9,
};
const lines = (state: Partial<StatusState>) => tooltip({ ...quiet, ...state }, NOW).value.split("\n");
const lineWith = (part: string, state: Partial<StatusState>) =>
  lines(state).find((line) => line.includes(part));

describe("the status bar's tooltip", () => {
  it.each([
    ["failures", { why: "failures", failures: 3 }, "paused after 3 failures, next try in 9\u00a0s."],
    ["a rate limit", { why: "rate-limit" }, "reached its rate limit. Next try in 9\u00a0s."],
    ["missing credit", { why: "quota" }, "is used up. Next try in 9\u00a0s."],
  ] as const)("shows a pause because of %s, with a link that ends it", (_why, pause, sentence) => {
    const line = lineWith("sim", { paused: [{ subject: "a/sim", nextTryAtMs: NOW + 9000, ...pause }] });
    expect(line).toContain(sentence);
    expect(line).toContain(`[Resume](command:switchyard.resetBreaker?${encodeURIComponent('["a/sim"]')})`);
  });

  it("shows which provider rejected its key, with a link that replaces it", () => {
    const line = lineWith("rejected the key", {
      rejectedKeys: [{ provider: "anthropic", name: "Anthropic" }],
    });
    expect(line).toContain("Anthropic rejected the key.");
    expect(line).toContain("[Replace the key…](command:switchyard.addProviderKey?%5B%22anthropic%22%5D)");
  });

  it("shows which model exceeded its limit", () => {
    const sums = { spentNanoUsd: 3e9, reservedNanoUsd: 0, unknownAttempts: 0, byModel: [] };
    const spend = { period: "2026-11-21", ...sums, overruns: [{ ref: "a/greedy", factor: 1.5 }] };
    expect(lineWith("greedy", { spend })).toContain("1.5 times its usual amount is reserved for it now");
  });

  it("distinguishes models of the same name", () => {
    const twins = { spentNanoUsd: 3e9, reservedNanoUsd: 0, unknownAttempts: 0 };
    const byModel = ["a/twin", "b/twin", "a/other"].map((ref) => ({ ref, nanoUsd: 1e9, attempts: 1 }));
    const state = { spend: { period: "2026-11-21", ...twins, byModel } };
    expect(lineWith("a/twin", state)).toBeDefined();
    expect(lineWith("b/twin", state)).toBeDefined();
    expect(lineWith(" other", state)).toBeDefined();
  });

  it("shows an unknown price as unknown, never as free", () => {
    const spendOf = (ref: string, nanoUsd: number, unknownAttempts?: number) => ({
      ref,
      nanoUsd,
      attempts: 2,
      unknownAttempts,
    });
    const byModel = [
      spendOf("a/part", 2e9, 1),
      spendOf("a/priced", 1e9),
      spendOf("a/local", 0),
      spendOf("a/secret", 0, 2),
    ];
    const state = {
      spend: { period: "2026-11-21", spentNanoUsd: 3e9, reservedNanoUsd: 0, unknownAttempts: 3, byModel },
    };
    expect(lineWith("part", state)).toContain("| $2.00 + unknown |");
    expect(lineWith("priced", state)).toContain("| $1.00 |");
    expect(lineWith("local", state)).toContain("| free |");
    expect(lineWith("secret", state)).toContain("| unknown |");
  });
});
