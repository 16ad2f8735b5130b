import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";

/** Runs the bundled *.test.cjs files beside this one. VS Code's extension host calls it; the counts go into a file. */
export async function run(): Promise<void> {
  // Long enough for a busy machine. Only a test that hangs reaches it.
  const mocha = new Mocha({ ui: "bdd", timeout: 120_000, color: false, forbidOnly: true });
  for (const name of readdirSync(__dirname))
    if (name.endsWith(".test.cjs")) mocha.addFile(join(__dirname, name));
  const stats = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() => {
      if (runner.stats !== undefined) resolve(runner.stats);
    });
  });
  const results = { passed: stats.passes, failed: stats.failures, skipped: stats.pending };
  const file = process.env["SWITCHYARD_SUITE_RESULTS"];
  if (file !== undefined) writeFileSync(file, JSON.stringify(results));
  if (stats.failures > 0) throw new Error(`${stats.failures} of ${stats.tests} tests failed`);
  if (stats.passes === 0) throw new Error("no test ran");
}
