/** `npm run check`: types, lint and format, dead code. All are run, whatever fails. */
import { checks } from "./checks.ts";

const failed: string[] = [];
for (const { name, run } of checks) {
  console.log(`\n── ${name}`);
  if (!(await run())) failed.push(name);
}
console.log(failed.length === 0 ? "\nAll checks passed." : `\nFailed: ${failed.join(", ")}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
