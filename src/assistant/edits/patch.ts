import { foldSpace } from "./alignment.ts";
import { indentationOf, leadingSpace, reindent } from "./indentation.ts";
import { lineContent, replaceLines, splitLines } from "./lines.ts";

/** A hunk of a unified diff. `line`: where it says that it begins, from 0. */
type Hunk = { readonly line: number | undefined; readonly before: string[]; readonly after: string[] };

const HUNK_HEADER = /^@@(?: -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@)?/;
const FILE_HEADER = /^(?:--- |\+\+\+ |diff |index |new file |deleted file |similarity |rename |\\ )/;

/** Whether code is a unified diff. Models often leave out its headers; then the language says so. */
export function isPatch(lines: readonly string[], language: string): boolean {
  return language === "diff" || language === "patch" || lines.some((line) => /^@@ -\d+/.test(line));
}

/**
 * Applies a unified diff. Each hunk is searched by its lines with white space folded, since models count line numbers
 * wrongly; of several places the one nearest to its line number is taken.
 */
export function applyPatch(
  text: string,
  patch: readonly string[],
): { readonly text: string } | "no-match" | "ambiguous" {
  const hunks = hunksOf(patch);
  let result = text;
  let from = 0;
  /** How many lines longer the text is for the hunks so far. */
  let growth = 0;
  if (hunks.length === 0) return "no-match";
  for (const { line, before, after } of hunks) {
    const lines = splitLines(result).map(lineContent);
    const places = findLines(lines, before, from);
    const [place, next] =
      line === undefined ? places : places.toSorted((a, b) => far(a, line + growth) - far(b, line + growth));
    if (place === undefined) return "no-match";
    if (line === undefined && next !== undefined) return "ambiguous";
    const telling = before.findIndex((each) => each.trim() !== "");
    const to = indentationOf(lines) ?? indentationOf(after);
    const change = {
      from: indentationOf([...before, ...after]),
      fromSpace: leadingSpace(before[telling] ?? ""),
      toSpace: leadingSpace(lines[place + telling] ?? ""),
    };
    const added = to === undefined ? after : reindent(after, { ...change, to });
    result = replaceLines(result, place, place + before.length, added);
    from = place + added.length;
    growth += after.length - before.length;
  }
  return { text: result };
}

function far(place: number, line: number): number {
  return Math.abs(place - line);
}

/** The places where lines stand in this order, with white space folded. An empty search is found in an empty text only. */
function findLines(lines: readonly string[], search: readonly string[], from: number): readonly number[] {
  if (search.every((line) => line.trim() === "")) return lines.length === 0 ? [0] : [];
  const folded = lines.map(foldSpace);
  const wanted = search.map(foldSpace);
  const places: number[] = [];
  for (let start = from; start + wanted.length <= folded.length; start++) {
    if (wanted.every((line, index) => folded[start + index] === line)) places.push(start);
  }
  return places;
}

function hunksOf(patch: readonly string[]): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let current: Hunk | undefined;
  for (const line of patch) {
    const header = HUNK_HEADER.exec(line);
    if (header !== null) {
      current = {
        line: header[1] === undefined ? undefined : Math.max(0, Number(header[1]) - 1),
        before: [],
        after: [],
      };
      hunks.push(current);
      continue;
    }
    if (FILE_HEADER.test(line) && (current === undefined || line.startsWith("\\"))) continue;
    if (current === undefined) {
      current = { line: undefined, before: [], after: [] };
      hunks.push(current);
    }
    const content = line.slice(1);
    if (!line.startsWith("+")) current.before.push(content);
    if (!line.startsWith("-")) current.after.push(content);
  }
  return hunks.filter(({ before, after }) => before.length > 0 || after.length > 0);
}
