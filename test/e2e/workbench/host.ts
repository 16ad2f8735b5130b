import { rmSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { launchBrowserWithProfile } from "../../../scripts/host/chromium.ts";
import { extensionsDir, HostServer, installVsix } from "../../../scripts/host/server.ts";
import { inProject } from "../../../scripts/project.ts";

/** A VS Code server and a browser. */
export type Host = { readonly dir: string; readonly server: HostServer; readonly browser: BrowserContext };

let shared: Promise<Host> | undefined;

/**
 * The server and the browser of this process. They start once, because that takes as long as a journey; the windows of each
 * test file have their own folder, settings, storage and extension host.
 */
export function sharedHost(): Promise<Host> {
  shared ??= startHost().then((host) => {
    process.once("exit", () => rmSync(host.dir, { recursive: true, force: true }));
    return host;
  });
  return shared;
}

/** Stops the server and the browser of this process, which otherwise end with it. */
export async function stopSharedHost(): Promise<void> {
  if (shared !== undefined) await stopHost(await shared);
  shared = undefined;
}

/** Starts a server and a browser. @param vsix a package to install first */
export async function startHost(vsix?: string): Promise<Host> {
  const dir = await mkdtemp(join(tmpdir(), "switchyard-e2e-"));
  const installed = join(extensionsDir(dir), "switchyard-tests.companion-0.0.0");
  await cp(inProject("test/e2e/workbench/companion"), installed, { recursive: true });
  if (vsix !== undefined) await installVsix(dir, vsix);
  // Whether a window uses workspace trust is one of its settings. The server comes first: when vitest ends this process, what
  // started first is stopped first, and Playwright then takes longer than vitest waits on a busy machine.
  const server = await HostServer.start({ dir, env: {}, workspaceTrust: true });
  const browser = await launchBrowserWithProfile({
    viewport: { width: 1280, height: 800 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  return { dir, server, browser };
}

/** Closes every window, and removes what VS Code has stored in the browser, such as secrets and where views are. */
export async function closeWindows({ browser, server }: Host): Promise<void> {
  const windows = browser.pages();
  // Chromium may end with its last page.
  const page = await browser.newPage();
  await Promise.all(windows.map((window) => window.close()));
  const protocol = await browser.newCDPSession(page);
  const { origin } = new URL(server.url({ folder: "/" }));
  await protocol.send("Storage.clearDataForOrigin", { origin, storageTypes: "indexeddb,local_storage" });
}

/** Stops a server and a browser, and deletes their files. */
export async function stopHost({ dir, server, browser }: Host): Promise<void> {
  await Promise.all([browser.close(), server.stop()]);
  await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
