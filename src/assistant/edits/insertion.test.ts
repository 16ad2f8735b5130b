import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Indentation } from "./indentation.ts";
import { type Insertion, insertAt, replaceSelection } from "./insertion.ts";

const spaces: Indentation = { kind: "spaces", size: 2 };
const tabs: Indentation = { kind: "tabs" };

function documentOf(text: string) {
  const lines = text.split("\n");
  return { lineCount: lines.length, lineAt: (line: number) => lines[line] ?? "" };
}

function apply(text: string, { start, end, text: inserted }: Insertion): string {
  const lines = text.split("\n");
  const offset = ({ line, character }: { line: number; character: number }) =>
    lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
  return text.slice(0, offset(start)) + inserted + text.slice(offset(end));
}

/** Inserts code where `|` is in a text. */
function inserted(text: string, code: string, unit: Indentation = spaces): string {
  const before = text.slice(0, text.indexOf("|")).split("\n");
  const cursor = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  const document = text.replace("|", "");
  return apply(document, insertAt(documentOf(document), cursor, code, unit));
}

describe("inserting code at the cursor", () => {
  const code = "if (a) {\n    b();\n}";

  it("takes the place of a blank line, as deep as the line says", () => {
    expect(inserted("f() {\n    |\n}", code)).toBe("f() {\n    if (a) {\n      b();\n    }\n}");
  });

  it("is as deep as the lines around an empty line", () => {
    expect(inserted("f() {\n  x();\n|\n}", code)).toBe("f() {\n  x();\n  if (a) {\n    b();\n  }\n}");
  });

  it("is placed below a line that the cursor is in", () => {
    expect(inserted("  x(|);\n  y();", code)).toBe("  x();\n  if (a) {\n    b();\n  }\n  y();");
    expect(inserted("x();|", code)).toBe("x();\nif (a) {\n  b();\n}");
  });

  it("is placed above a line whose beginning the cursor is at", () => {
    expect(inserted("  |x();", code)).toBe("  if (a) {\n    b();\n  }\n  x();");
    expect(inserted("|  x();", "y();")).toBe("  y();\n  x();");
  });

  it("gets the tabs of the file", () => {
    expect(inserted("\tx();|", code, tabs)).toBe("\tx();\n\tif (a) {\n\t\tb();\n\t}");
  });

  it("keeps its own lines, in their order and with their depths, at any place", () => {
    const line = fc
      .tuple(fc.nat(3), fc.stringMatching(/^[a-z]{1,5}$/))
      .map(([depth, word]) => "\t".repeat(depth) + word);
    const lines = fc.array(line, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lines, lines, fc.nat(), fc.nat(), (document, added, atLine, atCharacter) => {
        const at = atLine % document.length;
        const cursor = { line: at, character: atCharacter % ((document[at]?.length ?? 0) + 1) };
        const text = document.join("\n");
        const insertion = insertAt(documentOf(text), cursor, added.join("\n"), tabs);
        const result = apply(text, insertion).split("\n");
        const start = result.length - document.length === added.length ? result.indexOf(result[0] ?? "") : -1;
        expect(start).toBe(0);
        const depth = (each: string) => each.length - each.trimStart().length;
        const first = cursor.character <= depth(document[at] ?? "") ? at : at + 1;
        const shown = result.slice(first, first + added.length);
        const least = Math.min(...added.map(depth));
        expect(shown.map((each) => each.trim())).toEqual(added.map((each) => each.trim()));
        expect(shown.map((each) => depth(each) - depth(document[at] ?? ""))).toEqual(
          added.map((each) => depth(each) - least),
        );
        expect([...result.slice(0, first), ...result.slice(first + added.length)]).toEqual(document);
      }),
    );
  });
});

describe("replacing a selection with code", () => {
  const replaced = (text: string, start: [number, number], end: [number, number], code: string) => {
    const [from, to] = [start, end].map(([line, character]) => ({ line, character }));
    if (from === undefined || to === undefined) throw new Error("A selection has two ends");
    return apply(text, replaceSelection(documentOf(text), from, to, code, spaces));
  };

  it("indents it as the first selected line", () => {
    const text = "f() {\n  a();\n  b();\n}";
    expect(replaced(text, [1, 2], [2, 6], "c();\nd();")).toBe("f() {\n  c();\n  d();\n}");
    expect(replaced(text, [1, 0], [3, 0], "c();")).toBe("f() {\n  c();\n}");
  });

  it("replaces a part of a line in its place", () => {
    expect(replaced("  x = old(1);", [0, 6], [0, 12], "new(2)")).toBe("  x = new(2);");
  });
});
