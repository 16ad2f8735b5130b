/** The line ending that a text uses. */
export type Eol = "\n" | "\r\n";

/** Splits a text after each line ending, so that the lines joined are the text. A text that ends with one has no last line. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** A line without its ending, and without a byte order mark. */
export function lineContent(line: string): string {
  return line.replace(/^\uFEFF/, "").replace(/\r?\n$/, "");
}

/** Splits code into lines without their endings. One line ending at the end of the code begins no line. */
export function codeLines(code: string): string[] {
  return splitLines(code).map(lineContent);
}

/** The line ending that most lines have; `\n` for a text of one line. */
function eolOf(text: string): Eol {
  const all = text.match(/\n/g)?.length ?? 0;
  const crlf = text.match(/\r\n/g)?.length ?? 0;
  return crlf * 2 > all ? "\r\n" : "\n";
}

/**
 * Replaces lines `start` to `end` (exclusive) of a text. The new lines, which are without endings, get those of the text.
 * All other lines, a byte order mark, and whether the text ends with a line ending, stay as they are.
 */
export function replaceLines(text: string, start: number, end: number, lines: readonly string[]): string {
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const old = splitLines(text.slice(mark.length));
  const eol = eolOf(text);
  const before = old.slice(0, start);
  const after = old.slice(end);
  const endsWithEol = text === mark || text.endsWith("\n");
  const joined = [...before, ...lines.map((line) => line + eol), ...after].map((line, index, all) => {
    if (index < all.length - 1) return line.endsWith("\n") ? line : line + eol;
    return endsWithEol ? line : line.replace(/\r?\n$/, "");
  });
  return mark + joined.join("");
}
