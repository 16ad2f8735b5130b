import type { ReportedProblem } from "../../../contract/edit/editCheck.ts";
import type { LineRange } from "../alignment.ts";
import { hunksBetween } from "../selected/hunks.ts";

/** What problems are compared by. */
export type ComparableProblem = Pick<
  ReportedProblem,
  "uri" | "line" | "isError" | "message" | "source" | "code"
>;

/** The problems of documents before an edit and after it, and what the edit changed. */
export type ProblemComparison<P extends ComparableProblem> = {
  readonly before: readonly P[];
  /** False: `before` may lack problems that existed. */
  readonly isBeforeComplete: boolean;
  readonly after: readonly P[];
  /** The problems that the edit is to remove, as they were in `textAsked`. */
  readonly fixes: readonly P[];
  /** The document that was edited, and its text before the edit and after it. */
  readonly uri: string;
  readonly textBefore: string;
  readonly textAfter: string;
  /** The text for which the edit was asked: what differs in `textBefore` the user has written meanwhile. */
  readonly textAsked: string;
};

/** What an edit did to the problems, in the order of `after`. */
export type ComparedProblems<P> = {
  /** Errors that the edit caused. */
  readonly newErrors: readonly P[];
  /** Errors that it caused, or that existed before. */
  readonly uncertain: readonly P[];
  /** What it was to remove. */
  readonly notFixed: readonly P[];
};

/**
 * Compares problems by message, source and code, and by their place, which moves with the edit. A problem that existed
 * before is not new, wherever it is now. Errors in lines that the user has written are not the edit's.
 */
export function compareProblems<P extends ComparableProblem>(
  comparison: ProblemComparison<P>,
): ComparedProblems<P> {
  const { before, after, uri, textAsked, textBefore, textAfter } = comparison;
  const written = movedLines(textAsked, textBefore);
  const moved = movedLines(textBefore, textAfter);
  const placeOf = (problem: P): MovedLine =>
    problem.uri === uri ? moved.of(problem.line) : unmoved(problem.line);
  const fixes = fixesAmong(before, comparison.fixes, written);
  const pairs = pairsOf(before, after, fixes, placeOf);
  const isUsers = (line: number) =>
    written.changed.some(({ start, end }) => {
      // Where the user has only removed lines, what follows them may be wrong.
      const last = Math.max(start, end - 1);
      return line >= moved.of(start).start && line < moved.of(last).end;
    });
  const added = after.filter(
    (now) => now.isError && !pairs.has(now) && !(now.uri === uri && isUsers(now.line)),
  );
  const isCertain = (now: P) =>
    comparison.isBeforeComplete ||
    (now.uri === uri && moved.changed.some((lines) => isWithin(now.line, lines)));
  return {
    newErrors: added.filter(isCertain),
    uncertain: added.filter((now) => !isCertain(now)),
    notFixed: after.filter((now) => {
      const old = pairs.get(now);
      return old !== undefined && fixes.has(old);
    }),
  };
}

/** For each problem that existed before, which one it was. */
function pairsOf<P extends ComparableProblem>(
  before: readonly P[],
  after: readonly P[],
  fixes: ReadonlySet<P>,
  placeOf: (problem: P) => MovedLine,
): ReadonlyMap<P, P> {
  const isAtPlace = (old: P, now: P) => isWithin(now.line, placeOf(old));
  const isSame = (old: P, now: P) => old.message === now.message;
  /** For two of the same origin, from most to least alike. What is to be fixed is taken last: of two alike, the other one is still there. */
  const rules: readonly ((old: P, now: P) => boolean)[] = [
    (old, now) => isSame(old, now) && isAtPlace(old, now),
    (old, now) => isSame(old, now) && !fixes.has(old),
    isSame,
    // Outside of the edit's lines, a message may name what the edit changed: `{ a }` became `{ a, b }`.
    (old, now) => old.code !== undefined && !placeOf(old).isChanged && isAtPlace(old, now),
  ];
  const left = Map.groupBy(before, originOf);
  const pairs = new Map<P, P>();
  for (const rule of rules) {
    for (const now of after) {
      if (pairs.has(now)) continue;
      const alike = left.get(originOf(now)) ?? [];
      const index = alike.findIndex((old) => rule(old, now));
      const [old] = index < 0 ? [] : alike.splice(index, 1);
      if (old !== undefined) pairs.set(now, old);
    }
  }
  return pairs;
}

/** Those of the present problems that are to be fixed: the same ones, nearest to where they were. */
function fixesAmong<P extends ComparableProblem>(
  problems: readonly P[],
  fixes: readonly P[],
  written: MovedLines,
): ReadonlySet<P> {
  const found = new Set<P>();
  for (const fix of fixes) {
    const { start } = written.of(fix.line);
    const isSame = (each: P) =>
      !found.has(each) && originOf(each) === originOf(fix) && each.message === fix.message;
    const [nearest] = problems
      .filter(isSame)
      .toSorted((one, other) => Math.abs(one.line - start) - Math.abs(other.line - start));
    if (nearest !== undefined) found.add(nearest);
  }
  return found;
}

function originOf({ uri, source = "", code = "" }: ComparableProblem): string {
  return [uri, source, code].join("\n");
}

/** Where a line is after a change: if the change replaced it, somewhere in what replaced it. */
type MovedLine = LineRange & { readonly isChanged: boolean };

/** The lines of a text before a change and after it. `changed`: those after it that are new. */
type MovedLines = {
  readonly changed: readonly LineRange[];
  readonly of: (line: number) => MovedLine;
};

function movedLines(before: string, after: string): MovedLines {
  const hunks = hunksBetween(before, after);
  return {
    changed: hunks.map(({ lines }) => lines),
    of: (line) => {
      let growth = 0;
      for (const { lines, removed, added } of hunks) {
        const start = lines.start - growth;
        if (line < start) break;
        if (line < start + removed.length)
          return { start: lines.start, end: Math.max(lines.end, lines.start + 1), isChanged: true };
        growth += added.length - removed.length;
      }
      return unmoved(line + growth);
    },
  };
}

function unmoved(line: number): MovedLine {
  return { start: line, end: line + 1, isChanged: false };
}

function isWithin(line: number, { start, end }: LineRange): boolean {
  return line >= start && line < end;
}
