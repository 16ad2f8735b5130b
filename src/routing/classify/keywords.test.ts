import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText } from "../../../test/support/anyText.ts";
import { foldKeyword, KeywordIndex } from "./keywords.ts";
import { fold } from "./tokens.ts";

const TEXT = "a a a a a a a a a a ".repeat(500);

const find = (keywords: readonly string[], text: string) =>
  new KeywordIndex(keywords).find(text).map(({ keyword }) => keyword);

/** The number of the first place of a keyword by a plain pattern: whole words only, any white space between them. */
function placeByPattern(keyword: string, text: string): number {
  const literal = foldKeyword(keyword)
    .replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
    .replaceAll(" ", "\\s+");
  return fold(text).search(new RegExp(`(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])`, "u"));
}

describe("a keyword index", () => {
  it.each([
    ["special characters of regular expressions", ["(a+)+$", "(a|a)*b", ".*.*.*.*=.*", "[", "\\\\", "^$"]],
    ["many with the same beginning", Array.from({ length: 1000 }, (_, at) => `a a a a a a ${at}`)],
    ["many words", Array.from({ length: 100 }, () => "a ".repeat(100))],
    ["one that others end with", Array.from({ length: 300 }, (_, at) => "a ".repeat(at))],
    ["stems", Array.from({ length: 300 }, (_, at) => `${"a ".repeat(at)}${"a".repeat(at)}*`)],
    ["spaces only", [" ", "   ", "\\t"]],
  ])("finishes with keywords of %s", (_what, keywords) => {
    const index = new KeywordIndex(keywords);
    index.find(TEXT);
    index.find("a".repeat(100_000));
    index.find(" ".repeat(100_000));
  });

  it.each(["step-by-step", "c++", "a|b", "what's up?", "[todo]", "\\\\d", "ſtraße", "🙂 x", "ΟΔΟΣ", ".net"])(
    "finds the keyword %s literally",
    (keyword) => {
      expect(find([keyword], `Now ${keyword}, please`)).toEqual([foldKeyword(keyword)]);
      expect(find([keyword], "Nothing of the kind")).toEqual([]);
    },
  );

  it.each([
    ["STRASSE", "die Straße"],
    ["ﬁx", "Fix it"],
    ["οδός", "ΟΔΌΣ"],
    ["café", "un cafe\u0301"],
    ["ＡＰＩ", "an API"],
  ])("finds %s in %s, by Unicode's folding and normalization", (keyword, text) => {
    expect(find([keyword], text)).toEqual([foldKeyword(keyword)]);
  });

  it.each([
    ["比较", "请比较两种方法"],
    ["比べて", "二つの方法を比べてください"],
    ["비교", "두 방법을 비교해 주세요"],
    ["เปรียบเทียบ", "ช่วยเปรียบเทียบสองวิธี"],
    ["react", "用React写一个组件"],
    ["データベース", "このデータベースを直して"],
  ])("finds %s within %s, which has no spaces between words", (keyword, text) => {
    expect(find([keyword], text)).toEqual([keyword]);
  });

  it.each(["c++x", "asp.net", "recompare", "compare_to", "comparé", "compared", "x𐐨compare", "ωcompare"])(
    "finds no keyword within the word %s",
    (text) => {
      expect(find(["c++", ".net", "compare", "to"], text)).toEqual([]);
    },
  );

  it("finds inflected forms of a stem only", () => {
    const keywords = ["analys*", "root caus*", "plan", "c *"];
    expect(find(keywords, "Analyses and plans")).toEqual(["analys*"]);
    expect(find(keywords, "an ANALYSIS of the root   causes")).toEqual(["analys*", "root caus*"]);
    expect(find(keywords, "analy root cau psychoanalysis")).toEqual([]);
    expect(find(keywords, "C * D")).toEqual(["c *"]);
  });

  it("returns each keyword once, with its first place", () => {
    const index = new KeywordIndex(["b", "b c", "a b c", "c"]);
    expect(index.find("x a b c b")).toEqual(
      expect.arrayContaining([
        { keyword: "a b c", start: 2 },
        { keyword: "b", start: 4 },
        { keyword: "b c", start: 4 },
        { keyword: "c", start: 6 },
      ]),
    );
    expect(index.find("c")).toEqual([{ keyword: "c", start: 0 }]);
  });

  it("finds any keyword as it is written", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), anyText(10), (keyword, text) => {
        find([keyword], text);
        if (/^\w+$/.test(keyword)) expect(find([keyword], `(${keyword})`)).toEqual([foldKeyword(keyword)]);
      }),
      { numRuns: 50 },
    );
  });

  it("finds what a pattern for each keyword finds, in the same order of places", () => {
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
      ".a",
    );
    const phrase = fc.array(word, { minLength: 0, maxLength: 3 }).map((words) => words.join(" "));
    const keywords = fc.array(phrase, { maxLength: 4 });
    const text = fc
      .array(fc.tuple(word, fc.constantFrom(" ", "\n ", "", "_", ". ")), { maxLength: 12 })
      .map((pieces) => pieces.flat().join(""));
    fc.assert(
      fc.property(keywords, text, (group, searched) => {
        const expected = [...new Set(group.map(foldKeyword))]
          .filter((keyword) => keyword !== "" && placeByPattern(keyword, searched) >= 0)
          .sort((a, b) => placeByPattern(a, searched) - placeByPattern(b, searched) || a.length - b.length);
        const found = new KeywordIndex(group)
          .find(searched)
          .toSorted((a, b) => a.start - b.start || a.keyword.length - b.keyword.length);
        expect(found.map(({ keyword }) => keyword)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});
