import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keywordMatcher } from "./keywords.ts";

const TEXT = "a a a a a a a a a a ".repeat(500);

describe("keywordMatcher", () => {
  it.each([
    ["special characters of regular expressions", ["(a+)+$", "(a|a)*b", ".*.*.*.*=.*", "[", "\\\\", "^$"]],
    ["many with the same beginning", Array.from({ length: 1000 }, (_, at) => `a a a a a a ${at}`)],
    ["many words", Array.from({ length: 100 }, () => "a ".repeat(100))],
    ["spaces only", [" ", "   ", "\\t"]],
  ])("finishes with keywords of %s", (_what, keywords) => {
    const match = keywordMatcher(keywords);
    match(TEXT);
    match("a".repeat(100_000));
    match(" ".repeat(100_000));
  });

  it.each(["step-by-step", "c++", "a|b", "what's up?", "[todo]", "\\\\d", "ſtraße", "🙂 x"])(
    "finds the keyword %s literally",
    (keyword) => {
      expect(keywordMatcher([keyword])(`Now ${keyword}, please`)).toBe(keyword);
      expect(keywordMatcher([keyword])("Nothing of the kind")).toBeUndefined();
    },
  );

  it("finds any keyword as it is written", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ unit: "binary" }), (keyword, text) => {
        keywordMatcher([keyword])(text);
        if (/^\w+$/.test(keyword)) expect(keywordMatcher([keyword])(`(${keyword})`)).toBe(keyword);
      }),
      { numRuns: 50 },
    );
  });

  it("returns the keyword that begins first in the text, as the settings spell it", () => {
    const match = keywordMatcher(["Fix", "code review", "bug"]);
    expect(match("A CODE \n review may fix a bug")).toBe("code review");
    expect(match("prefix the debugger")).toBeUndefined();
  });

  it("finds a keyword in a group exactly if it finds one of the group alone", () => {
    const word = fc.constantFrom("fix", "Fix", "bug", "a", "𝒜", "ß", "C++", "prefix");
    const phrase = fc.array(word, { minLength: 0, maxLength: 3 }).map((words) => words.join(" "));
    const text = fc
      .array(fc.tuple(word, fc.constantFrom(" ", "\n ", "", "_", ". ")), { maxLength: 12 })
      .map((pieces) => pieces.flat().join(""));
    fc.assert(
      fc.property(fc.array(phrase, { maxLength: 3 }), text, (keywords, searched) => {
        const alone = keywords.filter((keyword) => keywordMatcher([keyword])(searched) !== undefined);
        const found = keywordMatcher(keywords)(searched);
        expect(found === undefined).toBe(alone.length === 0);
        if (found !== undefined)
          expect(alone.map((each) => each.toLowerCase())).toContain(found.toLowerCase());
      }),
      { numRuns: 100 },
    );
  });
});
