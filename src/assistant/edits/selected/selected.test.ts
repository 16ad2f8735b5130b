import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EditAnswerReader } from "./answerReader.ts";
import { applyAnswer, type EditRange } from "./applyAnswer.ts";
import { hunksBetween, moveHunk, stateOf, type TextChange, withoutHunks } from "./hunks.ts";

const read = (answer: string, pieces: readonly number[] = []) => {
  const reader = new EditAnswerReader();
  let at = 0;
  for (const length of pieces) {
    reader.add(answer.slice(at, at + length));
    at += length;
  }
  reader.add(answer.slice(at));
  reader.end();
  return reader.answer;
};

const block = (search: string, replace: string) =>
  `<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;
const lines = (start: number, end: number, isRestOpen = false): EditRange => ({
  lines: { start, end },
  isRestOpen,
});
const apply = (text: string, range: EditRange, answer: string) => applyAnswer(text, range, read(answer));

describe("the answer to an edit", () => {
  it("is read the same in whatever pieces it comes", () => {
    const answer = `Sure:\r\n${block("a\r", "b")}and\n\`\`\`ts\n${block("c", "d\n=======\ne")}\`\`\``;
    const expected = {
      kind: "blocks",
      blocks: [
        { search: ["a"], replace: ["b"] },
        { search: ["c"], replace: ["d", "=======", "e"] },
      ],
      isOpen: false,
    };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (pieces) => {
        expect(read(answer, pieces)).toEqual(expected);
      }),
    );
  });

  it("is a whole replacement in one code block, or words", () => {
    expect(read("Here:\n````md\n```\nx\n```\n````\nDone.")).toEqual({
      kind: "whole",
      lines: ["```", "x", "```"],
      others: 0,
      isOpen: false,
    });
    expect(read("```\na\n```\n```\nb\n```")).toMatchObject({ kind: "whole", lines: ["a"], others: 1 });
    expect(read("It is fine.")).toEqual({ kind: "words", text: "It is fine." });
    expect(read("<<<<<<< SEARCH\na\n=======\nb")).toEqual({ kind: "blocks", blocks: [], isOpen: true });
  });
});

describe("the edit of an answer", () => {
  it("replaces the lines that a block names, in the unit of indentation of the file", () => {
    const text = "class A {\r\n\tf() {\r\n\t\treturn 1;\r\n\t}\r\n}\r\n";
    const answer = block("    return 1;", "    if (x) {\n      return 2;\n    }\n    return 1;");
    expect(apply(text, lines(0, 5), answer).text).toBe(
      "class A {\r\n\tf() {\r\n\t\tif (x) {\r\n\t\t\treturn 2;\r\n\t\t}\r\n\t\treturn 1;\r\n\t}\r\n}\r\n",
    );
  });

  it("places no block whose lines occur nowhere, or twice", () => {
    const applied = apply("a\nb\na\n", lines(0, 3), block("a", "x") + block("c", "y") + block("b", "z"));
    expect(applied.text).toBe("a\nz\na\n");
    expect(applied.unplaced.map(({ reason }) => reason)).toEqual(["ambiguous", "no-match"]);
  });

  it("prefers lines as they are to lines with other white space", () => {
    expect(apply("f( 1 );\nf(1);\n", lines(0, 2), block("f(1);", "g();")).text).toBe("f( 1 );\ng();\n");
    expect(apply("f( 1 );\n", lines(0, 1), block("f(  1  );", "g();")).text).toBe("g();\n");
  });

  it("changes lines outside of the selection only where the rest of the file is open", () => {
    const answer = block("import a", "import b");
    expect(apply("import a\nx\n", lines(1, 2), answer).unplaced).toHaveLength(1);
    const open = apply(
      "import a\nx\n",
      lines(1, 2, true),
      `${block("import a", "import a\nimport b")}${block("x", "y")}`,
    );
    expect(open.text).toBe("import a\nimport b\ny\n");
    expect(open.range.lines).toEqual({ start: 2, end: 3 });
  });

  it("replaces the selection as deep as it was, and keeps the blank lines around it", () => {
    const text = "if (a) {\n\n    one();\n\n}\n";
    expect(apply(text, lines(1, 4), "```ts\nif (b) {\n  two();\n}\n```").text).toBe(
      "if (a) {\n\n    if (b) {\n        two();\n    }\n\n}\n",
    );
  });

  it("shows as much of a whole replacement as is written", () => {
    const reader = new EditAnswerReader();
    reader.add("```ts\nA\nB");
    expect(applyAnswer("a\nb\nc\n", lines(0, 3), reader.answer).text).toBe("A\nb\nc\n");
  });

  it("reads a closing line in time that grows with its length", () => {
    const reader = new EditAnswerReader();
    reader.add(`<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE${"\t".repeat(300_000)}\u2028c\n`);
    expect(reader.answer).toMatchObject({ kind: "blocks", isOpen: false });
  });

  const line = fc.stringMatching(/^[ \t]{0,4}[a-z]{1,6}[0-9]{0,3}$/);
  const file = fc.record({
    contents: fc.uniqueArray(line, { minLength: 3, maxLength: 12, selector: (each) => each.trim() }),
    eol: fc.constantFrom("\n", "\r\n"),
    mark: fc.constantFrom("", "\uFEFF"),
    ending: fc.boolean(),
  });

  it("leaves every line that it does not name, the line endings, the mark and the final newline as they are", () => {
    fc.assert(
      fc.property(file, fc.nat(), fc.nat(), ({ contents, eol, mark, ending }, one, other) => {
        const [start = 0, last = 0] = [one % contents.length, other % contents.length].sort((a, b) => a - b);
        const end = last + 1;
        const text = (all: readonly string[]) => mark + all.join(eol) + (ending ? eol : "");
        const search = contents.slice(start, end);
        // The same indentation, so that nothing is indented again.
        const replace = search.map((each) => `${each}x`);
        const expected = text([...contents.slice(0, start), ...replace, ...contents.slice(end)]);
        const range = lines(0, contents.length);
        expect(apply(text(contents), range, block(search.join("\n"), replace.join("\n"))).text).toBe(
          expected,
        );
        const whole = apply(text(contents), lines(start, end), `\`\`\`\n${replace.join("\n")}\n\`\`\``);
        expect(whole.text).toBe(expected);
      }),
    );
  });
});

/** Makes a change as an editor does. */
function changed(text: string, { start, end, text: inserted }: TextChange): string {
  const starts = [0];
  for (const each of text.split("\n")) starts.push((starts.at(-1) ?? 0) + each.length + 1);
  const at = ({ line, character }: TextChange["start"]) => (starts[line] ?? 0) + character;
  return text.slice(0, at(start)) + inserted + text.slice(at(end));
}

const lineAt = (text: string) => (line: number) => text.split("\n")[line];

describe("the hunks of an edit", () => {
  it("lead back to the text before, together and one by one", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 8 }).map((all) => all.join("\n"));
    fc.assert(
      fc.property(text, text, fc.boolean(), (before, after, ending) => {
        const [from, to] = ending ? [`${before}\n`, `${after}\n`] : [`${before}.`, `${after}.`];
        const hunks = hunksBetween(from, to);
        expect(withoutHunks(to, hunks)).toBe(from);
        expect(hunks.every((hunk) => stateOf(hunk, lineAt(to)) === "shown")).toBe(true);
      }),
    );
  });

  it("move with changes of whole lines around them, and are reverted without touching these", () => {
    const [first, second] = hunksBetween("a\nb\nc\nd\n", "a\nB\nc\nd\ne\n");
    const insert: TextChange = {
      start: { line: 0, character: 0 },
      end: { line: 0, character: 0 },
      text: "x\ny\n",
    };
    const text = changed("a\nB\nc\nd\ne\n", insert);
    const moved = [first, second].flatMap((hunk) => (hunk === undefined ? [] : [moveHunk(hunk, insert)]));
    expect(moved.map((hunk) => hunk.lines)).toEqual([
      { start: 3, end: 4 },
      { start: 6, end: 7 },
    ]);
    expect(withoutHunks(text, moved)).toBe("x\ny\na\nb\nc\nd\n");
  });

  it("are changed where the user writes in their lines, and undone where the lines are as before", () => {
    const before = "a\nb\nc\n";
    const after = "a\nB\nC\nc\n";
    const [hunk] = hunksBetween(before, after);
    if (hunk === undefined) throw new Error("no hunk");
    const type: TextChange = { start: { line: 2, character: 1 }, end: { line: 2, character: 1 }, text: "!" };
    expect(stateOf(moveHunk(hunk, type), lineAt(changed(after, type)))).toBe("changed");
    const undo: TextChange = {
      start: { line: 1, character: 0 },
      end: { line: 3, character: 0 },
      text: "b\n",
    };
    expect(changed(after, undo)).toBe(before);
    expect(stateOf(moveHunk(hunk, undo), lineAt(before))).toBe("undone");
  });

  it("are undone where a removal is reverted", () => {
    const [hunk] = hunksBetween("a\nb\nc\n", "a\nc\n");
    if (hunk === undefined) throw new Error("no hunk");
    const undo: TextChange = {
      start: { line: 1, character: 0 },
      end: { line: 1, character: 0 },
      text: "b\n",
    };
    expect(stateOf(moveHunk(hunk, undo), lineAt("a\nb\nc\n"))).toBe("undone");
  });

  it("stay with their lines through any changes that do not touch these", () => {
    const change = fc.record({ at: fc.nat(40), remove: fc.nat(2), insert: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
        const own = ["H1", "H2"];
        let all = ["a", "b", "c", ...own, "d", "e", "f"];
        const [made] = hunksBetween("a\nb\nc\nh\nd\ne\nf\n", `${all.join("\n")}\n`);
        if (made === undefined) throw new Error("no hunk");
        let hunk = made;
        for (const { at, remove, insert } of changes) {
          const start = at % (all.length + 1);
          const removed = all.slice(start, start + remove);
          const isInside = removed.some((each) => own.includes(each)) || all[start] === "H2";
          if (isInside) continue;
          const text = "new\n".repeat(insert);
          const end = start + removed.length;
          hunk = moveHunk(hunk, {
            start: { line: start, character: 0 },
            end: { line: end, character: 0 },
            text,
          });
          all = [...all.slice(0, start), ...Array.from({ length: insert }, () => "new"), ...all.slice(end)];
          expect(all.slice(hunk.lines.start, hunk.lines.end)).toEqual(own);
        }
      }),
    );
  });
});
