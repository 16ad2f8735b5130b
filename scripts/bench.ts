/** `npm run bench`: runs test/bench/*.bench.ts one after the other; each prints its own table. `npm run bench NAME` runs those named so. */
import { readdir } from "node:fs/promises";
import { inProject } from "./build/project.ts";
import { runTool } from "./runTool.ts";

const wanted = process.argv.slice(2);
const names = (await readdir(inProject("test/bench")))
  .filter((name) => name.endsWith(".bench.ts"))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
  .sort();
if (names.length === 0) {
  console.error("No such benchmark in test/bench.");
  process.exitCode = 1;
}
for (const name of names) {
  console.log(`\n── ${name.replace(".bench.ts", "")}`);
  if ((await runTool(process.execPath, [inProject("test/bench", name)])) !== 0) process.exitCode = 1;
}
