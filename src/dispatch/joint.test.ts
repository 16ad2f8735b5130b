import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anchorOf, LEAST_SURE_CHARACTERS } from "./anchor.ts";
import { anchorJoint, type Joint, prefillJoint } from "./joint.ts";

/** What the consumer ends up with; undefined where the joint did not hold. */
function whole(torn: string, joint: Joint, pieces: readonly string[]): string | undefined {
  let text = torn;
  for (const piece of pieces) {
    const shown = joint.push(piece);
    if (shown === undefined) return undefined;
    text += shown;
  }
  const last = joint.end();
  return last === undefined ? undefined : text + last;
}

const anchored = (torn: string, ...pieces: readonly string[]) => whole(torn, anchorJoint(torn), pieces);
const prefilled = (torn: string, ...pieces: readonly string[]) => whole(torn, prefillJoint(torn), pieces);

const TORN = "A closure is a function together with the scope in which it was made, so that it";
const REST = " still sees the names of that scope when it is called.";

describe("a torn answer and what was asked to begin with its last words", () => {
  test("are one where the new answer does", () => {
    expect(anchored(TORN, "in which it was made, so that it", REST)).toBe(TORN + REST);
  });

  test("are one behind a courtesy, which is dropped", () => {
    expect(anchored(TORN, "Sure, I will go on.\n\nin which it was made, so that it", REST)).toBe(TORN + REST);
  });

  test("are one where the new answer repeats the whole beginning", () => {
    expect(anchored(TORN, TORN.slice(0, 50), TORN.slice(50) + REST)).toBe(TORN + REST);
  });

  test("are one where the new answer breaks its lines elsewhere", () => {
    expect(anchored(TORN, "in which\nit was made,\nso that it", REST)).toBe(TORN + REST);
  });

  test("are one in the middle of a word", () => {
    expect(
      anchored("The quick brown fox jumps over the lazy do", "quick brown fox jumps over the lazy dog."),
    ).toBe("The quick brown fox jumps over the lazy dog.");
  });

  test("are one where a code fence is open: it is not opened twice", () => {
    const torn = "Like this:\n\n```ts\nfor (const name of names) {\n  if (name === wanted) return na";
    const again = "```ts\nof names) {\n  if (name === wanted) return name;\n}\n```\n";
    expect(anchored(torn, again)).toBe(`${torn}me;\n}\n\`\`\`\n`);
  });

  test("are one where a table is open: its head is not repeated", () => {
    const torn = "| Name | Age |\n|---|---|\n| Ada | 36 |\n| Grace | 85 |\n| Ed";
    const again = `| Name | Age |\n|---|---|\n${anchorOf(torn)}sger | 72 |\n`;
    expect(anchored(torn, again)).toBe(`${torn}sger | 72 |\n`);
  });

  test("are one where the last words stand in the answer twice: more of them are asked for", () => {
    const line = "one two three four five six seven eight nine";
    const torn = `First: ${line}. Then again: ${line}`;
    expect(anchorOf(torn)).toContain("again:");
    expect(anchored(torn, `First: ${line}. Then again: ${line} and ten.`)).toBe(`${torn} and ten.`);
  });

  test("are whole where nothing is left to say", () => {
    expect(anchored(TORN, "in which it was made, so that it")).toBe(TORN);
  });

  test("are not joined where the new answer is another one", () => {
    expect(anchored(TORN, "Closures capture variables. ".repeat(40))).toBeUndefined();
    expect(anchored(TORN, "I cannot help with that.")).toBeUndefined();
  });

  test("are not joined where the new answer repeats the beginning and ends before the tear", () => {
    expect(anchored(TORN, TORN.slice(0, 40))).toBeUndefined();
  });

  test("are not joined where the new answer only quotes the last words", () => {
    const quoting =
      'Your answer ended with "in which it was made, so that it". Here it is again: closures remember.';
    expect(anchored(TORN, quoting)).toBeUndefined();
    expect(anchored(TORN, ...quoting)).toBeUndefined();
    expect(anchored(TORN, `The rest of "closures": in which it was made, so that it${REST}`)).toBe(
      TORN + REST,
    );
  });

  test("are not joined by a few letters that stand anywhere", () => {
    expect(anchored("It", "A closure: it is a function.")).toBeUndefined();
    expect(anchored("It", "It is a function.")).toBe("It is a function.");
  });

  test("share the white space at the seam", () => {
    expect(anchored(`${TORN} `, "in which it was made, so that it", REST)).toBe(TORN + REST);
    expect(anchored(`${TORN}:\n\n`, "in which it was made, so that it:", "\n\n", "- one")).toBe(
      `${TORN}:\n\n- one`,
    );
  });
});

describe("a torn answer and what continues it", () => {
  test("are one as they come", () => {
    expect(prefilled(TORN, REST.slice(0, 3), REST.slice(3))).toBe(TORN + REST);
    expect(prefilled("The quick bro", "wn fox")).toBe("The quick brown fox");
  });

  test("are one where a server gives the beginning back first", () => {
    expect(prefilled(TORN, TORN + REST)).toBe(TORN + REST);
  });

  test("are one where both begin alike by chance", () => {
    expect(prefilled("A closure. ", "A", " function")).toBe("A closure. A function");
    expect(prefilled("A closure. ", "A")).toBe("A closure. A");
  });

  test("are not joined where a few characters may be given back, or come twice", () => {
    expect(prefilled("1", "10")).toBeUndefined();
    expect(prefilled("`", "``ts\nlet a;\n```")).toBeUndefined();
    expect(prefilled("1", "2")).toBe("12");
  });

  test("are not joined where the model began anew", () => {
    expect(prefilled(TORN, `${TORN.slice(0, 60)}; and now something else`)).toBeUndefined();
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
const preamble = fc.constantFrom("", "```ts\n", "Of course! Here it goes on:\n\n", "…");

/** The text, cut wherever the seeds say. */
function cut(whole: string, seeds: readonly number[]): readonly string[] {
  const at = [...new Set(seeds.map((seed) => Math.floor(seed * whole.length)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => whole.slice(from, at[index] ?? whole.length));
}

const seeds = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 30 });

/** Answers that join, that nearly do, and others. */
const tornAndAnswer = fc
  .tuple(text(1), text(0), fc.constantFrom("anchor", "whole", "most", "nothing"), preamble)
  .map(([torn, rest, repeated, before]): [string, string] => {
    const repetitions = {
      anchor: before + anchorOf(torn),
      whole: torn,
      most: torn.slice(0, -3),
      nothing: "",
    };
    return [torn, `${repetitions[repeated]} ${rest}`];
  });

describe("wherever its pieces are cut, and whatever the texts are", () => {
  test("an answer that begins with the anchor goes on with the torn one", () => {
    fc.assert(
      fc.property(text(1), space, text(1), preamble, seeds, (torn, between, rest, before, at) => {
        // A short anchor stands nowhere but at the beginning.
        const opening = anchorOf(torn).replaceAll(/\s/g, "").length < LEAST_SURE_CHARACTERS ? "" : before;
        const answer = `${opening}${anchorOf(torn)}${between}${rest}`;
        expect(whole(torn, anchorJoint(torn), cut(answer, at))).toBe(torn + between + rest);
      }),
      { numRuns: 2000 },
    );
  });

  test("an answer that repeats the whole beginning goes on with it, by both means", () => {
    fc.assert(
      fc.property(text(1), space, text(1), seeds, (torn, between, rest, at) => {
        const pieces = cut(`${torn}${between}${rest}`, at);
        expect(whole(torn, anchorJoint(torn), pieces)).toBe(torn + between + rest);
        const isSure = torn.replaceAll(/\s/g, "").length >= LEAST_SURE_CHARACTERS;
        expect(whole(torn, prefillJoint(torn), pieces)).toBe(isSure ? torn + between + rest : undefined);
      }),
      { numRuns: 2000 },
    );
  });

  test("the same answer joins in the same way, or not at all", () => {
    fc.assert(
      fc.property(tornAndAnswer, seeds, ([torn, answer], at) => {
        for (const joint of [anchorJoint, prefillJoint]) {
          const once = whole(torn, joint(torn), [answer]);
          expect(whole(torn, joint(torn), cut(answer, at))).toBe(once);
          expect(whole(torn, joint(torn), [...answer])).toBe(once);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("what was shown is never taken away, and nothing is made up", () => {
    let joins = 0;
    fc.assert(
      fc.property(tornAndAnswer, seeds, ([torn, answer], at) => {
        const joined = whole(torn, anchorJoint(torn), cut(answer, at));
        if (joined === undefined) return;
        joins++;
        expect(joined.startsWith(torn)).toBe(true);
        expect(answer.trimEnd().endsWith(joined.slice(torn.length).trim())).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(joins).toBeGreaterThan(500);
  });
});
