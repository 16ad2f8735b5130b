import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keywordMatcher, searchable } from "./keywords.ts";

const TEXT = "a a a a a a a a a a ".repeat(500);

describe("keywordMatcher", () => {
  it.each([
    ["special characters of regular expressions", ["(a+)+$", "(a|a)*b", ".*.*.*.*=.*", "[", "\\\\", "^$"]],
    ["many with the same beginning", Array.from({ length: 1000 }, (_, at) => `a a a a a a ${at}`)],
    ["many words", Array.from({ length: 100 }, () => "a ".repeat(100))],
    ["spaces only", [" ", "   ", "\\t"]],
  ])("finishes with keywords of %s", (_what, keywords) => {
    const match = keywordMatcher(keywords);
    match(searchable(TEXT));
    match(searchable("a".repeat(100_000)));
    match(searchable(" ".repeat(100_000)));
  });

  it.each(["step-by-step", "c++", "a|b", "what's up?", "[todo]", "\\\\d", "ſtraße", "🙂 x"])(
    "finds the keyword %s literally",
    (keyword) => {
      expect(keywordMatcher([keyword])(searchable(`Now ${keyword}, please`))).toBe(keyword);
      expect(keywordMatcher([keyword])(searchable("Nothing of the kind"))).toBeUndefined();
    },
  );

  it("finds any keyword as it is written", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ unit: "binary" }), (keyword, text) => {
        keywordMatcher([keyword])(searchable(text));
        if (/^\w+$/.test(keyword))
          expect(keywordMatcher([keyword])(searchable(`(${keyword})`))).toBe(keyword);
      }),
      { numRuns: 50 },
    );
  });

  it("finds the same keyword with and without the shortcut for ASCII texts", () => {
    const word = fc.constantFrom(
      "fix",
      "Fix",
      "bug",
      "a",
      "𝒜",
      "ß",
      "C++",
      "prefix",
      "\u212a",
      "\u017f",
      "ks",
    );
    const phrase = fc.array(word, { minLength: 0, maxLength: 3 }).map((words) => words.join(" "));
    const keywords = fc.array(phrase, { maxLength: 3 });
    const text = fc
      .array(fc.tuple(word, fc.constantFrom(" ", "\n ", "", "_", ". ")), { maxLength: 12 })
      .map((pieces) => pieces.flat().join(""));
    fc.assert(
      fc.property(keywords, text, (group, searched) => {
        const match = keywordMatcher(group);
        expect(match(searchable(searched))).toBe(match({ text: searched, isAscii: false }));
      }),
      { numRuns: 100 },
    );
  });
});
