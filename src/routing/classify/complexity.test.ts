import { describe, expect, it } from "vitest";
import { type ComplexitySettings, complexityOf } from "./complexity.ts";
import { KeywordIndex } from "./keywords.ts";

const settings: ComplexitySettings = {
  keywords: {
    high: ["analyze", "compare", "evaluate", "synthesize", "create"],
    medium: ["explain", "describe", "summarize", "list"],
    low: ["what is", "define", "translate", "format"],
  },
  length: { highAbove: 2000, mediumAbove: 500 },
};

const classified = (text: string, characters = text.length, by = settings) => {
  const index = new KeywordIndex(Object.values(by.keywords).flat());
  return complexityOf(text, index.find(text), characters, by);
};

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

  it.each([
    "分析这个系统的根本原因，并比较两种修复方案",
    "Vergleiche zwei Architekturen für die Offline-Synchronisation und bewerte die Risiken",
    "Analysez ce dump mémoire et proposez un correctif",
    "Сравни два способа хранения сессий",
    "このクラスをテストしやすくして",
    "Compara las dos soluciones y propón una",
  ])("is not low in another language without a known keyword: %s", (text) => {
    expect(classified(text)).toMatchObject({ level: "medium", reason: { kind: "other-language" } });
    expect(classified(`${text}, list`).level).toBe("medium");
    expect(classified(`${text}, define`)).toMatchObject({ level: "low", reason: { kind: "keyword" } });
  });

  it.each([
    "Why does the test fail on Windows?",
    "rename x to y",
    "fix the façade of M. Dupont und Söhne",
    "const el = find(la)",
    "git push",
    "",
  ])("depends on the length in English or code: %s", (text) => {
    expect(classified(text)).toMatchObject({ level: "low", reason: { kind: "length" } });
  });

  it("counts a Chinese, Japanese or Korean character as three Latin ones", () => {
    expect(classified("字".repeat(160)).reason.kind).toBe("other-language");
    expect(classified("字".repeat(170))).toMatchObject({
      level: "medium",
      reason: { kind: "length", characters: 170 },
    });
    expect(classified("글".repeat(700)).level).toBe("high");
    // Attached code counts by its characters.
    expect(classified("字".repeat(10), 490).level).toBe("medium");
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
