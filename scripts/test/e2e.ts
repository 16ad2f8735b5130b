/** `npm run test:e2e`: drives VS Code's workbench in a browser. `npm run test:e2e chat` runs the files whose names contain "chat". */
import { buildIfStale } from "../build/buildIfStale.ts";
import { inProject, runTool } from "../project.ts";

await buildIfStale();
process.exitCode = await runTool("vitest", [
  "run",
  ...process.argv.slice(2),
  "--config=vitest.e2e.config.ts",
  "--reporter=verbose",
  "--reporter=json",
  `--outputFile.json=${inProject("out/results/e2e.json")}`,
]);
