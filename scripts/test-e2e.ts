/** `npm run test:e2e`: drives the workbench as a person does. `npm run test:e2e chat` runs the files named so. */

import { buildIfStale } from "./build/buildIfStale.ts";
import { inProject } from "./build/project.ts";
import { runTool } from "./runTool.ts";

await buildIfStale();
process.exitCode = await runTool("vitest", [
  "run",
  ...process.argv.slice(2),
  "--config=vitest.e2e.config.ts",
  "--reporter=verbose",
  "--reporter=json",
  `--outputFile.json=${inProject("out/results/e2e.json")}`,
]);
