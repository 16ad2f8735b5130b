/**
 * `npm start`: builds, prints the decision, the answer and the cost of one prompt, and opens VS Code with the extension
 * and a small workspace. `npm start -- --once` ends after the answer. It writes into .vscode-test/ only, not into the
 * user's settings and ledger.
 */
import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { buildIfStale } from "../build/buildIfStale.ts";
import { inProject } from "../project.ts";
import { openInBrowser } from "./browserHost.ts";
import { hasDesktopCode, openDesktopCode } from "./desktop.ts";

const home = inProject(".vscode-test/demo-home");
const folder = inProject(".vscode-test/demo");

// Exiting ends every process that was started (host/processGroup.ts).
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(0));

async function answerOnePrompt(): Promise<void> {
  const file = inProject("dist/demo.js");
  if (!existsSync(file)) throw new Error("dist/demo.js was not built.");
  process.env["SWITCHYARD_HOME"] = home;
  const { runDemo } = (await import(pathToFileURL(file).href)) as { runDemo: () => Promise<unknown> };
  await runDemo();
}

async function openEditor(): Promise<void> {
  if (!existsSync(folder)) await cp(inProject("test/demo"), folder, { recursive: true });
  if (hasDesktopCode()) {
    console.log("\nOpening VS Code. Ctrl-C closes it.");
    await openDesktopCode(folder, home);
    process.exit(0);
  }
  const url = await openInBrowser(folder, home);
  console.log(`\nVS Code is at ${url}\nCtrl-C ends it.`);
}

try {
  await buildIfStale();
  await answerOnePrompt();
  if (process.argv.includes("--once")) process.exit(0);
  await openEditor();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
