/** `npm run test:host`: runs the suite of test/host in VS Code. */
import { buildIfStale } from "../build/buildIfStale.ts";
import { inProject } from "../project.ts";
import { runHostSuite } from "./hostSuite.ts";

await buildIfStale();
const passed = await runHostSuite({
  tests: inProject("test/host"),
  results: inProject("out/results/host.json"),
});
process.exitCode = passed ? 0 : 1;
