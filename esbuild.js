/**
 * The build: `node esbuild.js` makes dist/ as it is shipped, `node esbuild.js --watch` keeps it fresh,
 * with source maps and unminified. What is built is written down in scripts/build/.
 */
import { buildAll } from "./scripts/build/build.ts";
import { watchAll } from "./scripts/build/watch.ts";

try {
  if (process.argv.includes("--watch")) await watchAll();
  else {
    const built = await buildAll();
    for (const { file, bytes } of built) console.log(`${(bytes / 1024).toFixed(1).padStart(8)} KB  ${file}`);
  }
} catch (error) {
  // esbuild has already printed its own errors, with their places.
  if (!(error instanceof Error && "errors" in error)) console.error(error);
  process.exitCode = 1;
}
