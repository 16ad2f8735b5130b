/**
 * `npm run bench`: runs test/bench/*.bench.ts one after the other. Each prints its own table. `npm run bench serve` runs
 * the files whose names contain "serve". Arguments with a dot are files for the benchmark: `npm run bench cascade -- a.csv`.
 */
import { readdir } from "node:fs/promises";
import { inProject, runTool } from "../project.ts";

const words = process.argv.slice(2);
const files = words.filter((word) => word.includes("."));
const wanted = words.filter((word) => !word.includes("."));
const names = (await readdir(inProject("test/bench")))
  .filter((name) => name.endsWith(".bench.ts"))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
  .sort();
if (names.length === 0) {
  console.error("No benchmark in test/bench has such a name.");
  process.exitCode = 1;
}
for (const name of names) {
  console.log(`\n── ${name.replace(".bench.ts", "")}`);
  if ((await runTool(process.execPath, [inProject("test/bench", name), ...files])) !== 0)
    process.exitCode = 1;
}
