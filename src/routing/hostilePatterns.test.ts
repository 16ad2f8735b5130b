import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesGlob } from "./glob.ts";
import { keywordMatcher } from "./keywords.ts";

/** A pattern whose work doubled with each sign would run for hours here: the test would never come to its end. */
function within(work: () => unknown): void {
  work();
}

const PATH = `${"a/".repeat(1000)}${"a".repeat(2000)}b`;
const TEXT = "a a a a a a a a a a ".repeat(500);

describe("patterns from the settings cannot hang a decision", { timeout: 60_000 }, () => {
  it.each([
    ["stars between stars", "*a".repeat(450)],
    ["folders between folders", "**/a/".repeat(180)],
    ["stars within many folders", `${"**/*a*/".repeat(120)}x`],
    ["braces that multiply", "{a,b}".repeat(160)],
    ["braces within braces", `${"{a,".repeat(300)}b${"}".repeat(300)}`],
    ["a class without an end", "[".repeat(900)],
    ["alternatives of classes without an end", `${"{a,b}".repeat(7)}${"[".repeat(900)}`],
    ["alternatives of stars", `${"{a,b}".repeat(8)}${"*a".repeat(450)}`],
    ["classes of ranges", "[a-zA-Z0-9!-~]".repeat(70)],
    ["a glob longer than any", "a".repeat(1_000_000)],
  ])("%s", (_what, glob) => {
    within(() => matchesGlob(glob, PATH));
    within(() => matchesGlob(`**/${glob}`.slice(0, 1000), PATH));
  });

  it("any glob on any path, made of the signs that mean something", () => {
    const signs = fc.constantFrom("*", "**", "/", "?", "{", "}", ",", "[", "]", "!", "-", "a", "b", ".");
    const text = fc.array(signs, { maxLength: 300 }).map((all) => all.join(""));
    fc.assert(
      fc.property(text, text, (glob, path) => within(() => matchesGlob(glob, path))),
      { numRuns: 500 },
    );
  });

  it.each([
    ["signs of regular expressions", ["(a+)+$", "(a|a)*b", ".*.*.*.*=.*", "[", "\\\\", "^$"]],
    ["many that begin alike", Array.from({ length: 1000 }, (_, at) => `a a a a a a ${at}`)],
    ["long ones of many words", Array.from({ length: 100 }, () => "a ".repeat(100))],
    ["nothing but spaces", [" ", "   ", "\\t"]],
  ])("keywords: %s", (_what, keywords) => {
    const matches = keywordMatcher(keywords);
    within(() => matches(TEXT));
    within(() => matches("a".repeat(100_000)));
    within(() => matches(" ".repeat(100_000)));
  });

  it.each(["step-by-step", "c++", "a|b", "what's up?", "[todo]", "\\\\d", "ſtraße", "🙂 x"])(
    "the keyword %s is what it says",
    (keyword) => {
      expect(keywordMatcher([keyword])(`Now ${keyword}, please`)).toBe(keyword);
      expect(keywordMatcher([keyword])("Nothing of the kind")).toBeUndefined();
    },
  );

  it("keywords are found as they are written, whatever signs they hold", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ unit: "binary" }), (keyword, text) => {
        within(() => keywordMatcher([keyword])(text));
        if (/^\w+$/.test(keyword)) expect(keywordMatcher([keyword])(`(${keyword})`)).toBe(keyword);
      }),
    );
  });
});
