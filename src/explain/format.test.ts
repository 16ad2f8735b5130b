import { describe, expect, it } from "vitest";
import { formatWait } from "./format.ts";

describe("formatWait", () => {
  it.each([
    [-5, "1\u00a0s"],
    [1, "1\u00a0s"],
    [98_500, "99\u00a0s"],
    [119_500, "2\u00a0min"],
    [900_000, "15\u00a0min"],
    [18_000_000, "5\u00a0h"],
  ])("formats %s ms as %s, rounded up", (ms, text) => {
    expect(formatWait(ms)).toBe(text);
  });
});
