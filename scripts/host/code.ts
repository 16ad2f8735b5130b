#!/usr/bin/env node
/**
 * Replaces desktop VS Code's `code` where it is not available. It takes the arguments that @vscode/test-electron passes,
 * runs the suite in VS Code's server with a headless Chromium, prints its output and exits with its exit code.
 */
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { format } from "node:util";
import { launchBrowser } from "./chromium.ts";
import { extensionsDir, HostServer, quietSettings, userSettingsFile } from "./server.ts";

/** Long enough for a busy machine. Only a suite that hangs reaches it. */
const SUITE_TIMEOUT_MS = 600_000;

/** The paths given as `--name=…`, in order. @throws an error if there is none */
function paths(name: string): [string, ...string[]] {
  const given = process.argv.slice(2).filter((arg) => arg.startsWith(`--${name}=`));
  const [first, ...more] = given.map((arg) => resolve(arg.slice(name.length + 3)));
  if (first === undefined) throw new Error(`--${name}=… is missing`);
  return [first, ...more];
}

async function runSuite(): Promise<number> {
  const [extensionDevelopmentPath, ...others] = paths("extensionDevelopmentPath");
  const [extensionTestsPath] = paths("extensionTestsPath");
  const dir = await mkdtemp(join(tmpdir(), "switchyard-host-"));
  const folder = process.argv.slice(2).find((arg) => !arg.startsWith("-")) ?? dir;
  const home = process.env["SWITCHYARD_HOME"] ?? join(dir, "home");
  // A page takes one extension under development. The others are installed.
  for (const path of others)
    await cp(path, join(extensionsDir(dir), `switchyard.${basename(path)}-0.0.1`), { recursive: true });
  await writeFile(await userSettingsFile(dir), JSON.stringify(quietSettings));
  const server = await HostServer.start({
    dir,
    env: { SWITCHYARD_HOME: home },
    workspaceTrust: !process.argv.includes("--disable-workspace-trust"),
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const ended = new Promise<number>((exit, fail) => {
      const message = `The suite did not end within ${SUITE_TIMEOUT_MS / 1000} s.`;
      setTimeout(() => fail(new Error(message)), SUITE_TIMEOUT_MS).unref();
      page.on("crash", () => fail(new Error("The workbench's page crashed.")));
      void page.exposeFunction("codeAutomationExit", exit);
      void page.exposeFunction("codeAutomationLog", print);
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

/** Lines that the workbench itself logs. They do not concern the suite. */
const WORKBENCH_LINES =
  /^(\[[\w:. -]+\] |Re(solving|solved) connection token|Creating a socket|Updating additional builtin|getaddrinfo )/;

/** Prints a line of the host's console, without the `%c` styles of a browser's console. */
function print(type: string, args: readonly unknown[]): void {
  const [first, ...rest] = args;
  const styles = typeof first === "string" ? first.split("%c").length - 1 : 0;
  const line =
    typeof first === "string" ? format(first.replaceAll("%c", ""), ...rest.slice(styles)) : format(...args);
  if (WORKBENCH_LINES.test(line)) return;
  (type === "error" ? process.stderr : process.stdout).write(`${line}\n`);
}

try {
  process.exitCode = await runSuite();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
