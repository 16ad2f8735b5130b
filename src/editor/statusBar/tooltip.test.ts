import { describe, expect, test, vi } from "vitest";
import type { StatusState } from "./state.ts";
import { tooltip } from "./tooltip.ts";

vi.mock("vscode", () => import("../../../test/support/fakeVscode.ts"));

const NOW = 1_000_000;
const quiet: StatusState = {
  busy: false,
  simulated: false,
  paused: [],
  refused: [],
  switchedOff: [],
  budgetNanoUsd: 5e9,
};
const lines = (state: Partial<StatusState>) => tooltip({ ...quiet, ...state }, NOW).value.split("\n");
const lineWith = (word: string, state: Partial<StatusState>) =>
  lines(state).find((line) => line.includes(word));

describe("the status bar's tooltip", () => {
  test.each([
    ["failures", { why: "failures", failures: 3 }, "paused after 3 failures. Next try in 9\u00a0s."],
    ["a rate limit", { why: "rate-limit" }, "reached its rate limit. Next try in 9\u00a0s."],
    ["missing credit", { why: "quota" }, "is used up. Next try in 9\u00a0s."],
  ] as const)("tells of a pause by %s, and how to end it", (_why, pause, words) => {
    const line = lineWith("sim", { paused: [{ subject: "a/sim", nextTryAtMs: NOW + 9000, ...pause }] });
    expect(line).toContain(words);
    expect(line).toContain(`[Reset](command:switchyard.resetBreaker?${encodeURIComponent('["a/sim"]')})`);
  });

  test("tells whose key was not accepted, beside the way to mend it", () => {
    const line = lineWith("did not accept", { refused: [{ provider: "anthropic", name: "Anthropic" }] });
    expect(line).toContain("Anthropic did not accept the key.");
    expect(line).toContain("[Replace the key…](command:switchyard.addProviderKey?%5B%22anthropic%22%5D)");
  });

  test("tells which model took more than its limit", () => {
    const sums = {
      spentNanoUsd: 3e9,
      reservedNanoUsd: 0,
      unknownAttempts: 0,
      byModel: [],
    };
    const spend = { period: "2026-11-21", ...sums, overruns: [{ ref: "a/greedy", factor: 1.5 }] };
    expect(lineWith("greedy", { spend })).toContain("1.5 times as much is held for it now");
  });

  test("says that a price is unknown, and never that such a model is free", () => {
    const of = (ref: string, nanoUsd: number, unknownAttempts?: number) => ({
      ...{ ref, nanoUsd, attempts: 2, unknownAttempts },
    });
    const byModel = [of("a/part", 2e9, 1), of("a/priced", 1e9), of("a/local", 0), of("a/secret", 0, 2)];
    const spend = {
      period: "2026-11-21",
      spentNanoUsd: 3e9,
      reservedNanoUsd: 0,
      unknownAttempts: 3,
      byModel,
    };
    const state = { spend };
    expect(lineWith("part", state)).toContain("| $2.00 + unknown |");
    expect(lineWith("priced", state)).toContain("| $1.00 |");
    expect(lineWith("local", state)).toContain("| free |");
    expect(lineWith("secret", state)).toContain("| unknown |");
  });
});
