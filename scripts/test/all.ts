/**
 * `npm test`: the checks, then every suite, also after a failure. The last line is `N passed, N failed`: each check counts
 * as one test, and a suite that does not start as one failed test.
 */
import { existsSync, readFileSync } from "node:fs";
import { buildIfStale } from "../build/buildIfStale.ts";
import { checks } from "../check/check.ts";
import { installChromium } from "../host/chromium.ts";
import { installHost } from "../host/install.ts";
import { inProject, runTool } from "../project.ts";
import { type Counts, couldNotStart, countsOf, sum } from "./counts.ts";

type Result = { readonly name: string; readonly counts: Counts; readonly seconds: number };
type Suite = {
  readonly name: string;
  /** Runs the suite. @param logFile receives its output, if another suite runs at the same time */
  readonly run: (logFile?: string) => Promise<Counts>;
};

const unit = vitestSuite("unit tests", "unit", ["node", "editor", "jsdom"]);
const inBrowser = ["--config=vitest.e2e.config.ts", "--maxWorkers=1"];
/** The suites that use no more than one core, in the order in which they start: the longest first. */
const suites: readonly Suite[] = [
  partOfWorkbench(2),
  vitestSuite("tests of the chat view in a browser", "view", ["view"], ...inBrowser),
  partOfWorkbench(3),
  vitestSuite("fault tests", "faults", ["faults"], "--maxWorkers=1"),
  partOfWorkbench(1),
  scriptSuite("tests in VS Code", "host"),
];

// Without these the suites in a browser fail and print why. The others are still worth running.
try {
  await installHost();
  installChromium();
  await buildIfStale();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
}

const results: Result[] = [];
for (const { name, run } of checks) {
  const count = async (): Promise<Counts> => ((await run()) ? { passed: 1, failed: 0 } : couldNotStart);
  results.push(await measure({ name, run: count }));
}
results.push(await measure(unit));
results.push(...(await measureInLanes(suites, 2)));

console.log("");
for (const { name, counts, seconds } of results) {
  const mark = counts.failed === 0 ? "✓" : "✗";
  console.log(`${mark} ${name}: ${counts.passed} passed, ${counts.failed} failed (${seconds.toFixed(1)} s)`);
}
const total = sum(results.map(({ counts }) => counts));
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function measure({ name, run }: Suite, logFile?: string): Promise<Result> {
  if (logFile === undefined) console.log(`\n── ${name}`);
  const startedMs = performance.now();
  const counts = await run(logFile).catch((error: unknown) => {
    console.error(error);
    return couldNotStart;
  });
  return { name, counts, seconds: (performance.now() - startedMs) / 1000 };
}

/** Runs suites beside each other: when one has ended, its lane takes the next. Shows the output of each when it has ended. */
async function measureInLanes(suites: readonly Suite[], lanes: number): Promise<Result[]> {
  const measured: Result[] = [];
  const waiting = suites.entries();
  const lane = async (): Promise<void> => {
    for (const [index, suite] of waiting) {
      const logFile = inProject("out/results", `suite-${index}.log`);
      measured.push(await measure(suite, logFile));
      console.log(`\n── ${suite.name}\n${existsSync(logFile) ? readFileSync(logFile, "utf8") : ""}`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return measured;
}

/** A third of the files that drive the workbench. */
function partOfWorkbench(part: 1 | 2 | 3): Suite {
  const name = `tests in the workbench, part ${part} of 3`;
  return vitestSuite(name, `workbench-${part}`, ["workbench"], ...inBrowser, `--shard=${part}/3`);
}

/** Some of vitest's projects. @param file the name of their report in out/results */
function vitestSuite(name: string, file: string, projects: readonly string[], ...options: string[]): Suite {
  const report = inProject("out/results", `${file}.json`);
  const args = [
    "run",
    ...projects.map((project) => `--project=${project}`),
    ...options,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  return { name, run: (logFile) => countsOf(report, () => runTool("vitest", args, logFile)) };
}

/** A suite that a script of this folder runs and reports into out/results. */
function scriptSuite(name: string, script: string): Suite {
  const report = inProject("out/results", `${script}.json`);
  const args = [inProject("scripts/test", `${script}.ts`)];
  return { name, run: (logFile) => countsOf(report, () => runTool(process.execPath, args, logFile)) };
}
