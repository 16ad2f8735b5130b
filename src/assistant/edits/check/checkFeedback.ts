import type { CheckFailure, ReportedProblem } from "../../../contract/edit/editCheck.ts";
import { fenced } from "../../context.ts";

/** What the next try reads about a failed check. */
export type CheckFeedback = {
  readonly text: string;
  /** The files that it names. */
  readonly paths: readonly string[];
  readonly isPrivate: boolean;
};

/** The most problems that are named: the first ones cause most of the others. */
const MAX_PROBLEMS = 20;

/** Returns what a model has to know about an edit that failed, in English. */
export function checkFeedback(failures: readonly CheckFailure[]): CheckFeedback {
  const problems = failures.flatMap((failure) =>
    failure.kind === "command-failed" ? [] : failure.problems.slice(0, MAX_PROBLEMS),
  );
  return {
    text: failures.map(textOf).join("\n\n"),
    paths: [...new Set(problems.map(({ path }) => path))],
    isPrivate: problems.some(({ isPrivate }) => isPrivate),
  };
}

function textOf(failure: CheckFailure): string {
  switch (failure.kind) {
    case "new-errors":
      return listed("With the edit, the editor reports errors that were not there before", failure.problems);
    case "not-fixed":
      return listed("The edit was to remove these problems, and they are still there", failure.problems);
    case "command-failed": {
      const { command, lastLines } = failure;
      const output =
        lastLines.length === 0
          ? "It printed nothing."
          : `The end of its output:\n${fenced(lastLines.join("\n"), "")}`;
      return `With the edit, this command ${exitOf(failure.exit)}:\n${fenced(command, "")}\n${output}`;
    }
  }
}

function listed(label: string, problems: readonly ReportedProblem[]): string {
  const included = problems.slice(0, MAX_PROBLEMS);
  const rest =
    included.length === problems.length
      ? ""
      : ` (only ${included.length} of ${problems.length} are included)`;
  return `${label}${rest}:\n${fenced(included.map(({ text }) => text).join("\n"), "")}`;
}

function exitOf(exit: Extract<CheckFailure, { kind: "command-failed" }>["exit"]): string {
  switch (exit.kind) {
    case "exited":
      return `failed with exit code ${exit.code}`;
    case "killed":
      return "was ended before it was complete";
    case "timed-out":
      return `was not complete after ${Math.round(exit.afterMs / 1_000)} s`;
  }
}
