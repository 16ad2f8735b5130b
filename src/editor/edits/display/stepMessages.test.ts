import { describe, expect, it, vi } from "vitest";
import type { NextStep } from "../../../assistant/edits/steps/nextStep.ts";

const item = vi.hoisted(() => ({ text: "", tooltip: "", command: "", show: () => {}, hide: () => {} }));
vi.mock("vscode", async () => ({
  ...(await import("../../../../test/support/views/fakeVscode.ts")),
  StatusBarAlignment: {},
  window: { createStatusBarItem: () => item },
}));
const { EditStatus } = await import("./editStatus.ts");
const { stepLine } = await import("./stepMessages.ts");

const problem = {
  uri: "file:///a.ts",
  path: "a.ts",
  isPrivate: false,
  line: 0,
  isError: true,
  message: "",
  text: "",
};
const check = {
  kind: "failed",
  by: "diagnostics",
  failures: [{ kind: "new-errors", problems: [problem, problem] }],
} as const;
const line = (next?: NextStep) => stepLine({ kind: "placed", check, next });

describe("the line at an edit that failed its check", () => {
  it("is short in the status bar where nothing can follow", () => {
    const short = "2 new errors";
    expect(line()).toEqual({ isFailure: true, text: short });
    expect(line({ kind: "no-stronger-model" })).toEqual({
      isFailure: true,
      text: "2 new errors. No stronger model can be used",
      short,
    });
    const tried = (maxSteps: number) => line({ kind: "most-steps", maxSteps });
    expect(tried(1)).toEqual({
      isFailure: true,
      text: "2 new errors, after a try by a stronger model",
      short,
    });
    expect(tried(2)).toMatchObject({ text: "2 new errors, after 2 tries by stronger models", short });
  });

  it("names the model and its price where a stronger one can try", () => {
    expect(
      line({
        kind: "stronger",
        ref: "west/sim-balanced",
        expectedNanoUsd: 40_000_000,
        expectedCostRange: undefined,
      }),
    ).toEqual({ isFailure: true, text: "2 new errors. Try sim-balanced, about $0.040", action: "try" });
  });
});

it("shows that the check of an edit failed in place of the number of changes, without an offer too", () => {
  const edits = [{ hunks: [{}, {}], edit: { tries: [] } }] as unknown as Parameters<
    InstanceType<typeof EditStatus>["show"]
  >[0]["edits"];
  const status = new EditStatus();
  const shown = (line: Parameters<typeof status.show>[0]["line"]) => {
    status.show({ note: undefined, edits, line, isAtHunk: true, hasReport: true });
    return item.text;
  };
  expect(shown({ text: "No new errors" })).toBe("$(diff) 2 changes");
  expect(
    shown({ text: "1 new error. No stronger model can be used", short: "1 new error", isFailure: true }),
  ).toBe("$(warning) 1 new error");
  expect(shown({ text: "1 new error. Try b, about $0.04", isFailure: true, action: "try" })).toBe(
    "$(warning) 1 new error. Try b, about $0.04",
  );
});
