import fc from "fast-check";
import { expect, test } from "vitest";
import { keywordMatcher } from "./keywords.ts";
import { rankedMatcher } from "./rankedKeywords.ts";

const word = fc.constantFrom("fix", "Fix", "bug", "a", "𝒜", "ß", "C++", "prefix");
const phrase = fc.array(word, { minLength: 0, maxLength: 3 }).map((words) => words.join(" "));
const groups = fc.array(fc.array(phrase, { maxLength: 3 }), { minLength: 1, maxLength: 3 });
const text = fc
  .array(fc.tuple(word, fc.constantFrom(" ", "\n ", "", "_", ". ")), { maxLength: 12 })
  .map((pieces) => pieces.flat().join(""));

test("the group, and its keyword, are those that searching for each group by itself finds", () => {
  fc.assert(
    fc.property(groups, text, (keywords, searched) => {
      const each = keywords.map((group) => keywordMatcher(group)(searched));
      const rank = each.findIndex((keyword) => keyword !== undefined);
      const keyword = each[rank];
      expect(rankedMatcher(keywords)(searched)).toEqual(
        keyword === undefined ? undefined : { rank, keyword },
      );
    }),
    { numRuns: 2000 },
  );
});
