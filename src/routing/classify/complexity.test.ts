import { describe, expect, it } from "vitest";
import { type ComplexitySettings, complexityOf } from "./complexity.ts";
import { searchable } from "./keywords.ts";

const settings: ComplexitySettings = {
  keywords: {
    high: ["analyze", "compare", "evaluate", "synthesize", "create"],
    medium: ["explain", "describe", "summarize", "list"],
    low: ["what is", "define", "translate", "format"],
  },
  length: { highAbove: 2000, mediumAbove: 500 },
};

const classified = (text: string, characters = text.length, by = settings) =>
  complexityOf(searchable(text), characters, by);

describe("complexity", () => {
  it("is the highest level with a keyword, whichever keyword comes first", () => {
    expect(classified("Explain, then compare the economic policies of three countries")).toMatchObject({
      level: "high",
      reason: { kind: "keyword", keyword: "compare" },
    });
  });

  it("finds phrases across any white space and in any case", () => {
    expect(classified("WHAT\n  is a closure?")).toMatchObject({
      level: "low",
      reason: { kind: "keyword", keyword: "what is" },
    });
  });

  it.each(["formatting a disk", "listen to this", "recreated", "explainable", "create_table"])(
    "ignores a keyword within another word: %s",
    (text) => {
      expect(classified(text)).toMatchObject({ level: "low", reason: { kind: "length" } });
    },
  );

  it("depends on the length without a keyword, including attached code", () => {
    expect(classified("why", 500)).toMatchObject({
      level: "low",
      reason: { kind: "length", characters: 500 },
    });
    expect(classified("why", 501).level).toBe("medium");
    expect(classified("why", 2001).level).toBe("high");
  });

  it("has a score within the third of its level, which grows with the length", () => {
    for (const [word, from, to] of [
      ["define", 0, 1 / 3],
      ["list", 1 / 3, 2 / 3],
      ["create", 2 / 3, 1],
    ] as const) {
      const scores = [1, 10, 1000, 1_000_000, 100_000_000].map(
        (characters) => classified(word, characters).score,
      );
      expect(scores).toEqual([...scores].sort((a, b) => a - b));
      expect(scores[0]).toBeGreaterThanOrEqual(from);
      expect(scores.at(-1)).toBeLessThan(to);
    }
  });

  it("ignores a level without keywords", () => {
    const off = { ...settings, keywords: { ...settings.keywords, high: [] } };
    expect(classified("compare and list", 16, off).level).toBe("medium");
  });

  it("takes special characters in a keyword literally", () => {
    const odd = { ...settings, keywords: { high: ["c++", ".*", "(a+)+$"], medium: [], low: [] } };
    expect(classified("port this to C++ now", 20, odd).level).toBe("high");
    expect(classified("port this to C now", 18, odd).level).toBe("low");
  });
});
