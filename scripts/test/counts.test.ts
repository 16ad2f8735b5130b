import { describe, expect, it } from "vitest";
import { readReport, sum, withExitCode } from "./counts.ts";

describe("the counts of a suite", () => {
  it("are read from vitest's report and from the host suite's", () => {
    expect(readReport({ numPassedTests: 3, numFailedTests: 1 })).toEqual({ passed: 3, failed: 1 });
    expect(readReport({ passed: 2, failed: 0 })).toEqual({ passed: 2, failed: 0 });
  });

  it("count a skipped test as failed", () => {
    expect(readReport({ numPassedTests: 3, numPendingTests: 1, numTodoTests: 1 })).toEqual({
      passed: 3,
      failed: 2,
    });
  });

  it("have a failure when no test ran", () => {
    expect(withExitCode({ passed: 0, failed: 0 }, 0)).toEqual({ passed: 0, failed: 1 });
  });

  it("have a failure when the exit code is not 0", () => {
    expect(withExitCode({ passed: 9, failed: 0 }, 1)).toEqual({ passed: 9, failed: 1 });
    expect(withExitCode({ passed: 9, failed: 2 }, 1)).toEqual({ passed: 9, failed: 2 });
  });

  it("add up", () => {
    expect(
      sum([
        { passed: 1, failed: 2 },
        { passed: 3, failed: 4 },
      ]),
    ).toEqual({ passed: 4, failed: 6 });
  });
});
