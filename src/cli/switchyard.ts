/**
 * The entry point of the `switchyard` command. It has no static imports: the Node version is checked before any other
 * module is read, and the rest of the program is in dist/lazy/cli-main.mjs. Node 20.12 and 21.7 are the first versions
 * with `crypto.hash`, which assigns experiments.
 */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 20 || (major === 20 && minor < 12) || (major === 21 && minor < 7)) {
  console.error(`switchyard: Node 20.12 or newer is required, but this is Node ${process.versions.node}.`);
  process.exitCode = 2;
} else {
  void import("./main.ts").then(async ({ main }) => {
    process.exitCode = await main(process.argv.slice(2), {
      stdin: process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      // Relative to the bundle, dist/switchyard.js.
      dataDir: new URL("data/", import.meta.url),
      manifest: new URL("../package.json", import.meta.url),
      nowMs: Date.now(),
    });
  });
}
