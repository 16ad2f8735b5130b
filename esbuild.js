/**
 * `node esbuild.js` builds dist/ for shipping. `node esbuild.js --watch` rebuilds it whenever a source changes, with source
 * maps and not minified. scripts/build/ defines the bundles.
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
  // esbuild has already printed its own errors.
  if (!(error instanceof Error && "errors" in error)) console.error(error);
  process.exitCode = 1;
}
