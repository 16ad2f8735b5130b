import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ThinkTags } from "./thinkTags.ts";

/** The reasoning and the text of these pieces. */
function split(pieces: readonly string[]): readonly [reasoning: string, text: string] {
  const tags = new ThinkTags();
  const events = [...pieces.flatMap((piece) => tags.push(piece)), ...tags.end()];
  const join = (type: string) => events.map((event) => (event.type === type ? event.text : "")).join("");
  return [join("reasoning"), join("text")];
}

const cases = [
  ["<think>\nLet me see.\n</think>\n\nForty-two.", "\nLet me see.\n", "Forty-two."],
  ["\n <think>a</think><think>b</think>c", "ab", "c"],
  ["<think></think>\n\nForty-two.", "", "Forty-two."],
  ["<think>a < b, </thin, </think >", "a < b, </thin, </think >", ""],
  ["<think>never closed", "never closed", ""],
  ["Use <think>tags</think> so.", "", "Use <think>tags</think> so."],
  ["```\n<think>a</think>\n```", "", "```\n<think>a</think>\n```"],
  ["<thinking>a</thinking>b", "", "<thinking>a</thinking>b"],
  ["  indented", "", "  indented"],
  ["<think>a</think>b<think>c</think>", "a", "b<think>c</think>"],
  ["<thi", "", "<thi"],
  ["\n", "", "\n"],
  ["", "", ""],
] as const;

describe("reasoning between tags", () => {
  it.each(cases)("of %j is %j, and the text %j", (whole, reasoning, text) => {
    expect(split([whole])).toEqual([reasoning, text]);
  });

  it("is not looked for after more white space than precedes any", () => {
    const blanks = Array.from({ length: 300_000 }, () => " ");
    expect(split([...blanks, "<think>a"])).toEqual(["", `${blanks.join("")}<think>a`]);
  });

  it("is found wherever the text is cut", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...cases),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }),
        ([whole, reasoning, text], sizes) => {
          const pieces: string[] = [];
          for (let at = 0, turn = 0; at < whole.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            pieces.push(whole.slice(at, at + size));
            at += size;
          }
          expect(split(pieces)).toEqual([reasoning, text]);
        },
      ),
    );
  });
});
