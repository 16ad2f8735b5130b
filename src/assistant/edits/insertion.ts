import {
  commonSpace,
  type Indentation,
  indentationOf,
  isBlank,
  leadingSpace,
  reindent,
} from "./indentation.ts";
import { codeLines } from "./lines.ts";

/** A place in a text: a line from 0, and a character in it. */
export type Place = { readonly line: number; readonly character: number };

/** The text that replaces the text between two places, and where the cursor is afterwards. Line endings are `\n`. */
export type Insertion = { readonly start: Place; readonly end: Place; readonly text: string };

/** The lines of a document. */
export type LinesOf = { readonly lineCount: number; lineAt(line: number): string };

/**
 * Inserts code on lines of its own, indented as the cursor's line: in place of a blank line, above a line whose
 * beginning the cursor is at, else below. `unit`: how the document indents.
 */
export function insertAt(document: LinesOf, cursor: Place, code: string, unit: Indentation): Insertion {
  const line = document.lineAt(cursor.line);
  const space = leadingSpace(line);
  if (isBlank(line)) {
    const indented = indent(code, space === "" ? spaceAbove(document, cursor.line) : space, unit);
    const start = { line: cursor.line, character: 0 };
    return { start, end: { line: cursor.line, character: line.length }, text: indented.join("\n") };
  }
  const indented = indent(code, space, unit);
  if (cursor.character <= space.length) {
    const start = { line: cursor.line, character: 0 };
    return { start, end: start, text: `${indented.join("\n")}\n` };
  }
  const end = { line: cursor.line, character: line.length };
  return { start: end, end, text: `\n${indented.join("\n")}` };
}

/**
 * Replaces what is selected with code, indented as the first selected line. White space before and after the selection
 * belongs to it.
 */
export function replaceSelection(
  document: LinesOf,
  start: Place,
  end: Place,
  code: string,
  unit: Indentation,
): Insertion {
  const first = document.lineAt(start.line);
  const space = leadingSpace(first);
  const indented = indent(code, space, unit);
  const beginsLine = start.character <= space.length;
  // A selection of whole lines ends at the start of the line after it.
  const endsAtLineStart = end.character === 0 && end.line > start.line;
  const text = beginsLine
    ? indented.join("\n")
    : indented.join("\n").slice(leadingSpace(indented[0] ?? "").length);
  return {
    start: beginsLine ? { line: start.line, character: 0 } : start,
    end,
    text: endsAtLineStart ? `${text}\n` : text,
  };
}

/** The indentation of an empty line is that of the lines around it: of the next one, or deeper, of the one before. */
function spaceAbove(document: LinesOf, line: number): string {
  const before = nearestSpace(document, line, -1);
  const after = nearestSpace(document, line, 1);
  return after.length > before.length ? after : before;
}

function nearestSpace(document: LinesOf, from: number, step: 1 | -1): string {
  for (let line = from + step; line >= 0 && line < document.lineCount; line += step) {
    const text = document.lineAt(line);
    if (!isBlank(text)) return leadingSpace(text);
  }
  return "";
}

function indent(code: string, toSpace: string, to: Indentation): string[] {
  const lines = codeLines(code);
  while (lines.length > 1 && isBlank(lines.at(-1) ?? "")) lines.pop();
  return reindent(lines, { from: indentationOf(lines), to, fromSpace: commonSpace(lines), toSpace });
}
