import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { isRecord } from "../../src/base/isRecord.ts";

/** How many tests of a suite passed and failed. */
export type Counts = { readonly passed: number; readonly failed: number };

/** The counts of a suite that does not start or writes no report. */
export const couldNotStart: Counts = { passed: 0, failed: 1 };

export function sum(all: readonly Counts[]): Counts {
  return all.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }), {
    passed: 0,
    failed: 0,
  });
}

/** Runs a suite and reads the report that it writes. An earlier report is removed first. */
export async function countsOf(reportFile: string, run: () => Promise<number>): Promise<Counts> {
  await rm(reportFile, { force: true });
  const exitCode = await run();
  if (!existsSync(reportFile)) return couldNotStart;
  return withExitCode(readReport(JSON.parse(await readFile(reportFile, "utf8"))), exitCode);
}

/** Counts a failure if the exit code is not 0, or if no test ran. */
export function withExitCode(counts: Counts, exitCode: number): Counts {
  if (counts.failed === 0 && (exitCode !== 0 || counts.passed === 0)) return { ...counts, failed: 1 };
  return counts;
}

/** Reads vitest's JSON report, or the host suite's `{passed, failed, skipped}`. A skipped test counts as failed. */
export function readReport(report: unknown): Counts {
  const number = (key: string): number => {
    const value = isRecord(report) ? report[key] : undefined;
    return typeof value === "number" ? value : 0;
  };
  return {
    passed: number("passed") + number("numPassedTests"),
    failed:
      number("failed") +
      number("skipped") +
      number("numFailedTests") +
      number("numPendingTests") +
      number("numTodoTests"),
  };
}
