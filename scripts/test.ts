/**
 * `npm test`: everything, in this order, going on after a failure. It ends with one line, `N passed, N failed`;
 * each check counts as a test, and a suite that cannot start as a failed one.
 */
import { inProject } from "./build/project.ts";
import { checks } from "./checks.ts";
import { type Counts, couldNotStart, countsOf, sum } from "./counts.ts";
import { installChromium } from "./host/chromium.ts";
import { installHost } from "./host/install.ts";
import { runScript } from "./runTool.ts";
import { vitestSuite } from "./vitestSuite.ts";

type Step = { readonly name: string; readonly run: () => Promise<Counts> };

const steps: readonly Step[] = [
  ...checks.map(({ name, run }) => ({
    name,
    run: async () => ((await run()) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }),
  })),
  { name: "unit tests", run: () => vitestSuite("unit", ["node", "jsdom"]) },
  { name: "tests of faults and of programs", run: () => vitestSuite("faults", ["faults"]) },
  {
    name: "tests in VS Code",
    run: () => countsOf(inProject("out/results/host.json"), () => runScript("test-host.ts")),
  },
  {
    name: "tests in the workbench",
    run: () => countsOf(inProject("out/results/e2e.json"), () => runScript("test-e2e.ts")),
  },
];

// Without these the last two steps fail by themselves, and say why; everything before them is still worth running.
try {
  await installHost();
  installChromium();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
}

const results: { readonly name: string; readonly counts: Counts; readonly seconds: number }[] = [];
for (const { name, run } of steps) {
  console.log(`\n── ${name}`);
  const startedMs = performance.now();
  const counts = await run().catch((error: unknown) => {
    console.error(error);
    return couldNotStart;
  });
  results.push({ name, counts, seconds: (performance.now() - startedMs) / 1000 });
}

console.log("");
for (const { name, counts, seconds } of results) {
  const mark = counts.failed === 0 ? "✓" : "✗";
  console.log(`${mark} ${name}: ${counts.passed} passed, ${counts.failed} failed (${seconds.toFixed(1)} s)`);
}
const total = sum(results.map(({ counts }) => counts));
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
