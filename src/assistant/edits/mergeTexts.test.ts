import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineChanges, mergeTexts } from "./mergeTexts.ts";

const text = "a\nb\nc\nd\ne\n";
const anyText = fc
  .tuple(fc.array(fc.constantFrom("a", "b", "c", "", "  d"), { maxLength: 12 }), fc.constantFrom("", "\n"))
  .map(([lines, end]) => lines.join("\n") + end);

describe("merging a change with another version of the text", () => {
  it("makes both where they are apart", () => {
    expect(mergeTexts(text, "a\nB\nc\nd\ne\n", "a\nb\nc\nd\nE\nf\n")).toBe("a\nB\nc\nd\nE\nf\n");
    expect(mergeTexts(text, "c\nd\ne\n", "a\nb\nc\nx\nd\ne\n")).toBe("c\nx\nd\ne\n");
  });

  it.each([
    ["the same line", "a\nB\nc\nd\ne\n", "a\nX\nc\nd\ne\n"],
    ["neighbouring lines", "a\nB\nc\nd\ne\n", "a\nb\nX\nd\ne\n"],
    ["a line that the other one removed", "a\nb\nC\nd\ne\n", "a\ne\n"],
    ["the same place, with different new lines", "a\nx\nb\nc\nd\ne\n", "a\ny\nb\nc\nd\ne\n"],
  ])("reports a conflict where both change %s", (_, proposed, current) => {
    expect(mergeTexts(text, proposed, current)).toBeUndefined();
  });

  it("makes a change once that both made", () => {
    expect(mergeTexts(text, "a\nB\nc\nd\ne\n", "a\nB\nc\nd\nE\n")).toBe("a\nB\nc\nd\nE\n");
  });

  it("returns the proposal for a text that has not changed, and the text for a proposal that changes nothing", () => {
    fc.assert(
      fc.property(anyText, anyText, (before, after) => {
        expect(mergeTexts(before, after, before)).toBe(after);
        expect(mergeTexts(before, before, after)).toBe(after);
      }),
    );
  });

  it("gives the same text whichever of both is the proposal", () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (before, one, other) => {
        expect(mergeTexts(before, one, other)).toBe(mergeTexts(before, other, one));
      }),
    );
  });
});

describe("the changes between two texts", () => {
  it("lead from the one to the other", () => {
    fc.assert(
      fc.property(anyText, anyText, (before, after) => {
        const lines: string[] = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
        for (const { start, end, lines: added } of lineChanges(before, after).toReversed()) {
          lines.splice(start, end - start, ...added);
        }
        expect(lines.join("")).toBe(after);
      }),
    );
  });
});
