/**
 * The terminal's front door. It imports nothing before it knows that this Node can read what is imported: all else is
 * in dist/lazy/cli.mjs. Node 20.12 and 21.7 are the first with `crypto.hash`, which experiments are dealt by.
 */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 20 || (major === 20 && minor < 12) || (major === 21 && minor < 7)) {
  console.error(`switchyard: Node 20.12 or newer is needed; this is ${process.versions.node}.`);
  process.exitCode = 2;
} else {
  void import("./cli/main.ts").then(async ({ main }) => {
    process.exitCode = await main(process.argv.slice(2), {
      stdin: process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      // Beside this file, wherever it was put.
      dataDir: new URL("data/", import.meta.url),
      manifest: new URL("../package.json", import.meta.url),
      nowMs: Date.now(),
    });
  });
}
