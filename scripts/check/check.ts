/** `npm run check`: types, lint and format, unused code. Each check runs, even if another one fails. */
import { runTool } from "../project.ts";

/** What is checked without running the product. Each prints its findings and resolves to whether it passed. */
export const checks = [
  check("types", "tsc", "-b"),
  check("lint, format and layers", "biome", "ci", "--error-on-warnings"),
  check("unused files, exports and dependencies", "knip", "--no-progress"),
  check("code that only tests use", "knip", "--no-progress", "--production"),
];

if (import.meta.main) {
  const failed: string[] = [];
  for (const { name, run } of checks) {
    console.log(`\n── ${name}`);
    if (!(await run())) failed.push(name);
  }
  console.log(failed.length === 0 ? "\nAll checks passed." : `\nFailed: ${failed.join("; ")}.`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

function check(name: string, tool: string, ...args: string[]) {
  return { name, run: async (): Promise<boolean> => (await runTool(tool, args)) === 0 };
}
