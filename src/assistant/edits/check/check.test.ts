import { describe, expect, it } from "vitest";
import type { ReportedProblem } from "../../../contract/edit/editCheck.ts";
import { checkFeedback } from "./checkFeedback.ts";
import { compareProblems, type ProblemComparison } from "./compareProblems.ts";

const problem = (line: number, message: string, more: Partial<ReportedProblem> = {}): ReportedProblem => ({
  uri: "file:///a.ts",
  path: "a.ts",
  isPrivate: false,
  line,
  isError: true,
  message,
  source: "ts",
  code: "2322",
  text: `a.ts:${line + 1}:1: error ts(2322): ${message}`,
  ...more,
});

const compare = (
  textBefore: string,
  textAfter: string,
  before: readonly ReportedProblem[],
  after: readonly ReportedProblem[],
  more: Partial<ProblemComparison<ReportedProblem>> = {},
) => {
  const compared = compareProblems({
    uri: "file:///a.ts",
    textAsked: textBefore,
    textBefore,
    textAfter,
    before,
    isBeforeComplete: true,
    after,
    fixes: [],
    ...more,
  });
  return {
    newErrors: compared.newErrors.map(({ line }) => line),
    uncertain: compared.uncertain.map(({ line }) => line),
    notFixed: compared.notFixed.map(({ line }) => line),
  };
};

describe("the problems before and after an edit", () => {
  it("are the same where the edit moved their lines, and new where there is one more", () => {
    const old = problem(2, "wrong");
    expect(compare("a\nb\nc\n", "x\ny\na\nb\nc\n", [old], [problem(4, "wrong")]).newErrors).toEqual([]);
    const after = [problem(0, "wrong"), problem(4, "wrong")];
    expect(compare("a\nb\nc\n", "x\ny\na\nb\nc\n", [old], after).newErrors).toEqual([0]);
  });

  it("are not new where they are elsewhere now, or name what the edit changed", () => {
    expect(compare("a\nb\n", "a\nx\n", [problem(1, "wrong")], [problem(0, "wrong")]).newErrors).toEqual([]);
    const [old, now] = [problem(0, "not in { a }"), problem(0, "not in { a, b }")];
    expect(compare("a\nb\n", "a\nx\n", [old], [now]).newErrors).toEqual([]);
    expect(compare("a\nb\n", "x\nb\n", [old], [now]).newErrors).toEqual([0]);
  });

  it("are new in other files too, and warnings are none", () => {
    const after = [
      problem(0, "no such function", { uri: "file:///b.ts" }),
      problem(0, "not used", { isError: false }),
    ];
    expect(compare("a\n", "b\n", [], after).newErrors).toEqual([0]);
  });

  it("are not the edit's in lines that the user wrote meanwhile", () => {
    const textAsked = "a\nb\nc\n";
    const textBefore = "a\nb\nc\nmine\n";
    const after = [problem(1, "one"), problem(4, "other")];
    const more = { textAsked };
    expect(compare(textBefore, "a\nB1\nB2\nc\nmine\n", [], after, more).newErrors).toEqual([1]);
  });

  it("are the edit's only in its lines where those before it were not all known", () => {
    const after = [problem(0, "one"), problem(1, "other")];
    const compared = compare("a\nb\n", "a\nB\n", [], after, { isBeforeComplete: false });
    expect(compared).toMatchObject({ newErrors: [1], uncertain: [0] });
  });

  it("are not fixed where the edit left them or moved them, also as warnings, and where another like it is gone", () => {
    const fix = problem(1, "wrong", { isError: false });
    const isStill = (now: readonly ReportedProblem[], others: readonly ReportedProblem[] = []) =>
      compare("a\nb\nc\n", "a\nB1\nB2\nc\n", [fix, ...others], now, { fixes: [fix] }).notFixed;
    expect(isStill([problem(2, "wrong", { isError: false })])).toEqual([2]);
    expect(isStill([])).toEqual([]);
    // The edit was asked for before the user wrote a line above, and the server has reported again.
    const more = { fixes: [problem(1, "wrong")], textAsked: "a\nb\nc\n" };
    const [before, now] = [[problem(2, "wrong"), problem(9, "wrong")], [problem(9, "wrong")]];
    expect(compare("x\na\nb\nc\n", "x\na\nB\nc\n", before, now, more).notFixed).toEqual([]);
    // The other one, which is still where it was.
    expect(isStill([problem(3, "wrong")], [problem(2, "wrong")])).toEqual([]);
  });
});

describe("what the next try reads about a failed check", () => {
  it("names the problems and the end of the command's output, in fences that these cannot close", () => {
    const feedback = checkFeedback([
      { kind: "new-errors", problems: [problem(0, "wrong"), problem(1, "```", { isPrivate: true })] },
      {
        kind: "command-failed",
        command: "npm test",
        exit: { kind: "exited", code: 1 },
        lastLines: ["1 failed"],
      },
    ]);
    expect(feedback).toMatchObject({ paths: ["a.ts"], isPrivate: true });
    expect(feedback.text).toBe(
      [
        "With the edit, the editor reports errors that were not there before:",
        "```",
        "a.ts:1:1: error ts(2322): wrong",
        "a.ts:2:1: error ts(2322): ```",
        "```",
      ]
        .join("\n")
        .replaceAll(/^```$/gm, "````")
        .concat(
          "\n\nWith the edit, this command failed with exit code 1:\n```\nnpm test\n```\n",
          "The end of its output:\n```\n1 failed\n```",
        ),
    );
  });
});
