import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";

/** How many tests of a suite passed and failed. */
export type Counts = { readonly passed: number; readonly failed: number };

/** A suite that cannot start, or that says nothing, has failed. */
export const couldNotStart: Counts = { passed: 0, failed: 1 };

/** Adds up. */
export function sum(all: readonly Counts[]): Counts {
  return all.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }), {
    passed: 0,
    failed: 0,
  });
}

/** Runs a suite that leaves its results in a file, and reads them; what an earlier run left is removed first. */
export async function countsOf(resultsFile: string, run: () => Promise<number>): Promise<Counts> {
  await rm(resultsFile, { force: true });
  const code = await run();
  if (!existsSync(resultsFile)) return couldNotStart;
  return honest(readResults(JSON.parse(await readFile(resultsFile, "utf8"))), code);
}

/** An exit code that says “failed” is believed, and so is nothing at all. */
export function honest(counts: Counts, exitCode: number): Counts {
  if (counts.failed === 0 && (exitCode !== 0 || counts.passed === 0)) return { ...counts, failed: 1 };
  return counts;
}

/** Reads vitest's JSON report, or the host suite's own `{passed, failed, skipped}`. A skipped test has failed. */
export function readResults(results: unknown): Counts {
  const number = (key: string): number => {
    const value = (results as Readonly<Record<string, unknown>> | null)?.[key];
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
