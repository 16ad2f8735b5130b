#!/usr/bin/env node
/**
 * Stands in for desktop VS Code's `code` where that cannot be had: takes the arguments that @vscode/test-electron
 * passes, runs the suite in VS Code's server with a headless Chromium, relays its output and exits with its code.
 */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { format } from "node:util";
import { launchBrowser } from "./chromium.ts";
import { extensionsDir, HostServer } from "./server.ts";

const suiteWithinMs = 180_000;

/** The paths given as `--name=…`, in their order; at least one. */
function paths(name: string): [string, ...string[]] {
  const given = process.argv.slice(2).filter((arg) => arg.startsWith(`--${name}=`));
  const [first, ...more] = given.map((arg) => resolve(arg.slice(name.length + 3)));
  if (first === undefined) throw new Error(`--${name}=… is missing`);
  return [first, ...more];
}

async function runSuite(): Promise<number> {
  const [extensionDevelopmentPath, ...besides] = paths("extensionDevelopmentPath");
  const [extensionTestsPath] = paths("extensionTestsPath");
  const dir = await mkdtemp(join(tmpdir(), "switchyard-host-"));
  const folder = process.argv.slice(2).find((arg) => !arg.startsWith("-")) ?? dir;
  const home = process.env["SWITCHYARD_HOME"] ?? join(dir, "home");
  // A page takes one extension under development; the others are there as if installed.
  for (const path of besides)
    await cp(path, join(extensionsDir(dir), `switchyard.${basename(path)}-0.0.1`), { recursive: true });
  const server = await HostServer.start({
    dir,
    env: { SWITCHYARD_HOME: home },
    workspaceTrust: !process.argv.includes("--disable-workspace-trust"),
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const ended = new Promise<number>((exit, fail) => {
      const late = `the suite did not end within ${suiteWithinMs / 1000} s`;
      setTimeout(() => fail(new Error(late)), suiteWithinMs).unref();
      page.on("crash", () => fail(new Error("the workbench's page crashed")));
      void page.exposeFunction("codeAutomationExit", exit);
      void page.exposeFunction("codeAutomationLog", relay);
    });
    const url = server.url({ folder: resolve(folder), extensionDevelopmentPath, extensionTestsPath });
    await page.goto(url);
    return await ended;
  } finally {
    await browser.close();
    await server.stop();
    await rm(dir, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** What the workbench itself says while a suite runs: of no use to the suite, and most of it about features unused. */
const workbenchsOwn =
  /^(\[[\w:. -]+\] |Re(solving|solved) connection token|Creating a socket|Updating additional builtin|getaddrinfo )/;

/** The host's console. `%c` and its styles are for a browser's console. */
function relay(type: string, args: readonly unknown[]): void {
  const [first, ...rest] = args;
  const styles = typeof first === "string" ? first.split("%c").length - 1 : 0;
  const line =
    typeof first === "string" ? format(first.replaceAll("%c", ""), ...rest.slice(styles)) : format(...args);
  if (workbenchsOwn.test(line)) return;
  (type === "error" ? process.stderr : process.stdout).write(`${line}\n`);
}

try {
  process.exitCode = await runSuite();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
