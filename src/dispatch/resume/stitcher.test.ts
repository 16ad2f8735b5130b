import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anchorOf, MIN_DISTINCT_CHARACTERS } from "./anchor.ts";
import { anchorStitcher, prefillStitcher, type Stitcher } from "./stitcher.ts";

/** The complete text that is shown; undefined if the new answer does not continue the partial one. */
function whole(partial: string, stitcher: Stitcher, pieces: readonly string[]): string | undefined {
  let text = partial;
  for (const piece of pieces) {
    const shown = stitcher.push(piece);
    if (shown === undefined) return undefined;
    text += shown;
  }
  const last = stitcher.end();
  return last === undefined ? undefined : text + last;
}

const anchored = (partial: string, ...pieces: readonly string[]) =>
  whole(partial, anchorStitcher(partial), pieces);
const prefilled = (partial: string, ...pieces: readonly string[]) =>
  whole(partial, prefillStitcher(partial), pieces);

const PARTIAL = "A closure is a function together with the scope in which it was made, so that it";
const REST = " still sees the names of that scope when it is called.";

describe("an answer that was asked to begin with the last words of a partial one", () => {
  it("continues it after those words", () => {
    expect(anchored(PARTIAL, "in which it was made, so that it", REST)).toBe(PARTIAL + REST);
  });

  it("continues it after a polite phrase, which is dropped", () => {
    expect(anchored(PARTIAL, "Sure, here is the rest.\n\nin which it was made, so that it", REST)).toBe(
      PARTIAL + REST,
    );
  });

  it("continues it after repeating the whole beginning", () => {
    expect(anchored(PARTIAL, PARTIAL.slice(0, 50), PARTIAL.slice(50) + REST)).toBe(PARTIAL + REST);
  });

  it("continues it if its lines are broken differently", () => {
    expect(anchored(PARTIAL, "in which\nit was made,\nso that it", REST)).toBe(PARTIAL + REST);
  });

  it("continues it in the middle of a word", () => {
    expect(
      anchored("The quick brown fox jumps over the lazy do", "quick brown fox jumps over the lazy dog."),
    ).toBe("The quick brown fox jumps over the lazy dog.");
  });

  it("continues an open code fence without opening it twice", () => {
    const partial = "Like this:\n\n```ts\nfor (const name of names) {\n  if (name === wanted) return na";
    const again = "```ts\nof names) {\n  if (name === wanted) return name;\n}\n```\n";
    expect(anchored(partial, again)).toBe(`${partial}me;\n}\n\`\`\`\n`);
  });

  it("continues an open table without repeating its head", () => {
    const partial = "| Name | Age |\n|---|---|\n| Ada | 36 |\n| Grace | 85 |\n| Ed";
    const again = `| Name | Age |\n|---|---|\n${anchorOf(partial)}sger | 72 |\n`;
    expect(anchored(partial, again)).toBe(`${partial}sger | 72 |\n`);
  });

  it("begins with more words if the last ones occur twice in the partial answer", () => {
    const line = "one two three four five six seven eight nine";
    const partial = `First: ${line}. Then again: ${line}`;
    expect(anchorOf(partial)).toContain("again:");
    expect(anchored(partial, `First: ${line}. Then again: ${line} and ten.`)).toBe(`${partial} and ten.`);
  });

  it("adds nothing if the partial answer was complete", () => {
    expect(anchored(PARTIAL, "in which it was made, so that it")).toBe(PARTIAL);
  });

  it("does not continue it if it is a different answer", () => {
    expect(anchored(PARTIAL, "Closures capture variables. ".repeat(40))).toBeUndefined();
    expect(anchored(PARTIAL, "I cannot help with that.")).toBeUndefined();
  });

  it("does not continue it if it repeats the beginning and ends too early", () => {
    expect(anchored(PARTIAL, PARTIAL.slice(0, 40))).toBeUndefined();
  });

  it("does not continue it if it only quotes the last words", () => {
    const quoting =
      'Your answer ended with "in which it was made, so that it". Here it is again: closures remember.';
    expect(anchored(PARTIAL, quoting)).toBeUndefined();
    expect(anchored(PARTIAL, ...quoting)).toBeUndefined();
    expect(anchored(PARTIAL, `The rest of "closures": in which it was made, so that it${REST}`)).toBe(
      PARTIAL + REST,
    );
  });

  it("is not matched by a few letters that occur anywhere", () => {
    expect(anchored("It", "A closure: it is a function.")).toBeUndefined();
    expect(anchored("It", "It is a function.")).toBe("It is a function.");
    expect(anchored("10", "210 people")).toBeUndefined();
    expect(anchored("no", "snow", " is white")).toBeUndefined();
  });

  it("adds no second white space at the handoff point", () => {
    expect(anchored(`${PARTIAL} `, "in which it was made, so that it", REST)).toBe(PARTIAL + REST);
    expect(anchored(`${PARTIAL}:\n\n`, "in which it was made, so that it:", "\n\n", "- one")).toBe(
      `${PARTIAL}:\n\n- one`,
    );
  });
});

describe("an answer that continues a partial one directly", () => {
  it("continues it unchanged", () => {
    expect(prefilled(PARTIAL, REST.slice(0, 3), REST.slice(3))).toBe(PARTIAL + REST);
    expect(prefilled("The quick bro", "wn fox")).toBe("The quick brown fox");
  });

  it("continues it if a server repeats the beginning first", () => {
    expect(prefilled(PARTIAL, PARTIAL + REST)).toBe(PARTIAL + REST);
  });

  it("continues it if both begin alike by coincidence", () => {
    expect(prefilled("A closure. ", "A", " function")).toBe("A closure. A function");
    expect(prefilled("A closure. ", "A")).toBe("A closure. A");
  });

  it("does not continue it if a few repeated characters may be an echo or new text", () => {
    expect(prefilled("1", "10")).toBeUndefined();
    expect(prefilled("`", "``ts\nlet a;\n```")).toBeUndefined();
    expect(prefilled("1", "2")).toBe("12");
  });

  it("does not continue it if the model started from the beginning", () => {
    expect(prefilled(PARTIAL, `${PARTIAL.slice(0, 60)}; and now something else`)).toBeUndefined();
  });
});

const word = fc.stringMatching(/^[a-zé世|*`#.,{}-]{1,9}$/);
const space = fc.constantFrom(" ", " ", " ", "\n", "\n\n", "  ");
const text = (least: number) =>
  fc.array(fc.tuple(word, space), { minLength: least, maxLength: 60 }).map((words) =>
    words
      .map((pair) => pair.join(""))
      .join("")
      .trimEnd(),
  );
const preamble = fc.constantFrom("", "```ts\n", "Of course! Here is the rest:\n\n", "…");

/** The text in pieces, cut at places that the seeds determine. */
function cut(whole: string, seeds: readonly number[]): readonly string[] {
  const at = [...new Set(seeds.map((seed) => Math.floor(seed * whole.length)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => whole.slice(from, at[index] ?? whole.length));
}

const seeds = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 30 });

/** Answers that continue the partial one, that nearly continue it, and others. */
const partialAndAnswer = fc
  .tuple(text(1), text(0), fc.constantFrom("anchor", "whole", "most", "nothing"), preamble)
  .map(([partial, rest, repeated, before]): [string, string] => {
    const repetitions = {
      anchor: before + anchorOf(partial),
      whole: partial,
      most: partial.slice(0, -3),
      nothing: "",
    };
    return [partial, `${repetitions[repeated]} ${rest}`];
  });

describe("the stitching of any texts in any pieces", () => {
  it("continues the partial answer with an answer that begins with the anchor", () => {
    fc.assert(
      fc.property(text(1), space, text(1), preamble, seeds, (partial, between, rest, before, at) => {
        // A short anchor counts only at the beginning.
        const opening =
          anchorOf(partial).replaceAll(/\s/g, "").length < MIN_DISTINCT_CHARACTERS ? "" : before;
        const answer = `${opening}${anchorOf(partial)}${between}${rest}`;
        expect(whole(partial, anchorStitcher(partial), cut(answer, at))).toBe(partial + between + rest);
      }),
      { numRuns: 2000 },
    );
  });

  it("continues the partial answer with one that repeats the whole beginning, by both methods", () => {
    fc.assert(
      fc.property(text(1), space, text(1), seeds, (partial, between, rest, at) => {
        const pieces = cut(`${partial}${between}${rest}`, at);
        expect(whole(partial, anchorStitcher(partial), pieces)).toBe(partial + between + rest);
        const isSure = partial.replaceAll(/\s/g, "").length >= MIN_DISTINCT_CHARACTERS;
        expect(whole(partial, prefillStitcher(partial), pieces)).toBe(
          isSure ? partial + between + rest : undefined,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it("does not depend on the pieces", () => {
    fc.assert(
      fc.property(partialAndAnswer, seeds, ([partial, answer], at) => {
        for (const stitcherFor of [anchorStitcher, prefillStitcher]) {
          const once = whole(partial, stitcherFor(partial), [answer]);
          expect(whole(partial, stitcherFor(partial), cut(answer, at))).toBe(once);
          expect(whole(partial, stitcherFor(partial), [...answer])).toBe(once);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("removes nothing that was shown, and adds only text of the new answer", () => {
    let stitched = 0;
    fc.assert(
      fc.property(partialAndAnswer, seeds, ([partial, answer], at) => {
        const text = whole(partial, anchorStitcher(partial), cut(answer, at));
        if (text === undefined) return;
        stitched++;
        expect(text.startsWith(partial)).toBe(true);
        expect(answer.trimEnd().endsWith(text.slice(partial.length).trim())).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(stitched).toBeGreaterThan(500);
  });
});
