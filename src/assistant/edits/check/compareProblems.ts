import type { ReportedProblem } from "../../../contract/editCheck.ts";
import type { LineRange } from "../alignment.ts";
import { hunksBetween } from "../selected/hunks.ts";

/** The problems of all documents before an edit and after it, and what the edit changed. */
export type ProblemComparison = {
  readonly before: readonly ReportedProblem[];
  readonly after: readonly ReportedProblem[];
  /** Those of `before` that the edit is to remove; the objects themselves. */
  readonly fixes: readonly ReportedProblem[];
  /** The document that was edited, and its text before the edit and after it. */
  readonly uri: string;
  readonly textBefore: string;
  readonly textAfter: string;
  /** The text for which the edit was asked: what differs in `textBefore` the user has written meanwhile. */
  readonly textAsked: string;
};

/** What an edit did to the problems. */
export type ComparedProblems = {
  /** Errors that the edit caused, in the order of `after`. */
  readonly newErrors: readonly ReportedProblem[];
  /** Those of `after` that the edit was to remove. */
  readonly notFixed: readonly ReportedProblem[];
};

/**
 * Compares problems by message, source and code, and by their place, which moves with the edit. A problem that existed
 * before is not new, wherever it is now. Errors in lines that the user has written are not the edit's.
 */
export function compareProblems(comparison: ProblemComparison): ComparedProblems {
  const { before, after, fixes, uri } = comparison;
  const moved = placesAfter(comparison.textBefore, comparison.textAfter);
  const placeOf = (problem: ReportedProblem): LineRange & { readonly isEdited: boolean } =>
    problem.uri === uri
      ? moved(problem.line)
      : { start: problem.line, end: problem.line + 1, isEdited: false };
  const isAtPlace = (old: ReportedProblem, now: ReportedProblem) => {
    const { start, end } = placeOf(old);
    return now.line >= start && now.line < end;
  };
  const isSame = (old: ReportedProblem, now: ReportedProblem) => old.message === now.message;
  /** For two of the same origin, from most to least alike. What is to be fixed is taken last: of two alike, the other one is still there. */
  const rules: readonly ((old: ReportedProblem, now: ReportedProblem) => boolean)[] = [
    (old, now) => isSame(old, now) && isAtPlace(old, now),
    (old, now) => isSame(old, now) && !fixes.includes(old),
    isSame,
    // Outside of the edit's lines, a message may name what the edit changed: `{ a }` became `{ a, b }`.
    (old, now) => old.code !== undefined && !placeOf(old).isEdited && isAtPlace(old, now),
  ];
  const left = Map.groupBy(before, originOf);
  const pairs = new Map<ReportedProblem, ReportedProblem>();
  for (const rule of rules) {
    for (const now of after) {
      if (pairs.has(now)) continue;
      const alike = left.get(originOf(now)) ?? [];
      const [old] = alike.splice(
        indexOrEnd(alike, (each) => rule(each, now)),
        1,
      );
      if (old !== undefined) pairs.set(now, old);
    }
  }
  const isUsers = linesOfUser(comparison, moved);
  return {
    newErrors: after.filter(
      (now) => now.isError && !pairs.has(now) && !(now.uri === uri && isUsers(now.line)),
    ),
    notFixed: after.filter((now) => {
      const old = pairs.get(now);
      return old !== undefined && fixes.includes(old);
    }),
  };
}

function originOf({ uri, source = "", code = "" }: ReportedProblem): string {
  return [uri, source, code].join("\n");
}

function indexOrEnd<T>(all: readonly T[], is: (each: T) => boolean): number {
  const index = all.findIndex(is);
  return index < 0 ? all.length : index;
}

type Moved = (line: number) => LineRange & { readonly isEdited: boolean };

/** Where each line of a text is in the edited text. A line that the edit changed is somewhere in what replaced it. */
function placesAfter(before: string, after: string): Moved {
  const hunks = hunksBetween(before, after);
  return (line) => {
    let growth = 0;
    for (const { lines, removed, added } of hunks) {
      const start = lines.start - growth;
      if (line < start) break;
      if (line < start + removed.length)
        return { start: lines.start, end: Math.max(lines.end, lines.start + 1), isEdited: true };
      growth += added.length - removed.length;
    }
    return { start: line + growth, end: line + growth + 1, isEdited: false };
  };
}

/** Whether the user wrote a line of the edited text while the edit was written. */
function linesOfUser({ textAsked, textBefore }: ProblemComparison, moved: Moved): (line: number) => boolean {
  const written = hunksBetween(textAsked, textBefore).map(({ lines }) => ({
    start: moved(lines.start).start,
    // At least one line: where the user has only removed lines, what follows them may be wrong.
    end: moved(Math.max(lines.start, lines.end - 1)).end,
  }));
  return (line) => written.some(({ start, end }) => line >= start && line < end);
}
