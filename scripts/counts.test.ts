import { describe, expect, it } from "vitest";
import { honest, readResults, sum } from "./counts.ts";

describe("counting tests", () => {
  it("reads vitest's report and the host suite's", () => {
    expect(readResults({ numPassedTests: 3, numFailedTests: 1 })).toEqual({ passed: 3, failed: 1 });
    expect(readResults({ passed: 2, failed: 0 })).toEqual({ passed: 2, failed: 0 });
  });

  it("counts a skipped test as failed", () => {
    expect(readResults({ numPassedTests: 3, numPendingTests: 1, numTodoTests: 1 })).toEqual({
      passed: 3,
      failed: 2,
    });
  });

  it("does not believe a suite in which nothing ran", () => {
    expect(honest({ passed: 0, failed: 0 }, 0)).toEqual({ passed: 0, failed: 1 });
  });

  it("believes an exit code that says failed", () => {
    expect(honest({ passed: 9, failed: 0 }, 1)).toEqual({ passed: 9, failed: 1 });
    expect(honest({ passed: 9, failed: 2 }, 1)).toEqual({ passed: 9, failed: 2 });
  });

  it("adds up", () => {
    expect(
      sum([
        { passed: 1, failed: 2 },
        { passed: 3, failed: 4 },
      ]),
    ).toEqual({ passed: 4, failed: 6 });
  });
});
