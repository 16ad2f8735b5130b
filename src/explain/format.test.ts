import { describe, expect, it } from "vitest";
import { nanoUsd } from "../contract/money.ts";
import {
  formatAgainstThreshold,
  formatBudget,
  formatDuration,
  formatElapsed,
  formatMoney,
  formatMoneyRange,
  formatTokens,
  formatWait,
} from "./format.ts";

describe("figures", () => {
  it.each([
    [0, "$0.00"],
    [1.239, "$1.24"],
    [0.9951, "$1.00"],
    [0.0174, "$0.017"],
    [0.00209, "$0.0021"],
    [0.099_9, "$0.10"],
    [-0.0174, "-$0.017"],
  ])("show %d dollars with cents or two significant digits", (usd, expected) => {
    expect(formatMoney(nanoUsd(usd))).toBe(expected);
  });

  it.each([
    [0.0042, 0.0098, "$0.004–0.01"],
    [0.003, 0.02, "$0.003–0.02"],
    [0.000_87, 0.0111, "$0.0008–0.02"],
    [0.4, 2.1, "$0.4–3"],
    [0, 0.5, "$0–0.5"],
  ])("show a range from %d to %d dollars with its first digits, rounded outwards", (low, high, expected) => {
    expect(formatMoneyRange(nanoUsd(low), nanoUsd(high))).toBe(expected);
  });

  it("show whole budgets without cents", () => {
    expect(formatBudget(nanoUsd(5))).toBe("$5");
    expect(formatBudget(nanoUsd(5.5))).toBe("$5.50");
  });

  it("show durations in seconds, and from a minute in minutes and seconds", () => {
    expect(formatDuration(420)).toBe("0.4\u00a0s");
    expect(formatDuration(59_949)).toBe("59.9\u00a0s");
    expect(formatDuration(125_000)).toBe("2\u00a0min 5\u00a0s");
  });

  it("format a running time in whole seconds", () => {
    expect(formatElapsed(-20)).toBe("0\u00a0s");
    expect(formatElapsed(59_999)).toBe("59\u00a0s");
    expect(formatElapsed(125_900)).toBe("2\u00a0min 5\u00a0s");
  });

  it.each([
    [-5, "1\u00a0s"],
    [1, "1\u00a0s"],
    [8001, "9\u00a0s"],
    [98_500, "99\u00a0s"],
    [119_500, "2\u00a0min"],
    [900_000, "15\u00a0min"],
    [18_000_000, "5\u00a0h"],
    [259_200_000, "72\u00a0h"],
    [604_800_000, "7\u00a0d"],
  ])("round a wait of %s ms up to %s", (ms, expected) => {
    expect(formatWait(ms)).toBe(expected);
  });

  it("shorten token counts", () => {
    expect([420, 1234, 9950, 999_499, 999_500, 1_440_000].map(formatTokens)).toEqual([
      "420",
      "1.2k",
      "10k",
      "999k",
      "1M",
      "1.4M",
    ]);
  });

  it("show as many digits as a score below its threshold needs to look below it", () => {
    expect(formatAgainstThreshold(0.31, 0.38)).toEqual({ has: "0.31", needs: "0.38" });
    expect(formatAgainstThreshold(0.3496, 0.35)).toEqual({ has: "0.3496", needs: "0.3500" });
  });
});
