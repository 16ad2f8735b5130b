import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { installHost } from "./install.ts";
import { startGroup, stopGroup } from "./processGroup.ts";

/** User settings that turn off the welcome pages, prompts and background activity of a new VS Code. */
export const quietSettings = {
  "editor.accessibilitySupport": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "security.workspace.trust.startupPrompt": "never",
  "telemetry.telemetryLevel": "off",
  "window.menuBarVisibility": "compact",
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.settings.editor": "json",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
} as const;

/** How a VS Code server is started. */
export type ServerOptions = {
  /** Everything that the server and its extension host write goes in here. */
  readonly dir: string;
  /** The extension host inherits these; `SWITCHYARD_HOME` above all. */
  readonly env: Readonly<Record<string, string>>;
  /** Restricted Mode exists only where workspace trust is left on. */
  readonly workspaceTrust?: boolean;
};

/** A page of the workbench. */
export type PageOptions = {
  readonly folder: string;
  readonly extensionDevelopmentPath?: string;
  readonly extensionTestsPath?: string;
};

const readyWithinMs = 60_000;

/** VS Code's server on a free port of this machine. */
export class HostServer {
  readonly port: number;
  readonly dir: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, port: number, dir: string) {
    this.#process = process;
    this.port = port;
    this.dir = dir;
  }

  /** Resolves when pages are served. */
  static async start(options: ServerOptions): Promise<HostServer> {
    const serverMain = await installHost();
    await mkdir(options.dir, { recursive: true });
    const args = [
      ...["--host", "127.0.0.1", "--port", "0"],
      "--without-connection-token",
      "--accept-server-license-terms",
      // A built workbench reads extensionDevelopmentPath and extensionTestsPath only with it.
      "--enable-smoke-test-driver",
      ...["--server-data-dir", dataDir(options.dir), "--extensions-dir", extensionsDir(options.dir)],
      "--disable-telemetry",
      ...(options.workspaceTrust === true ? [] : ["--disable-workspace-trust"]),
    ];
    const server = startGroup(process.execPath, [serverMain, ...args], {
      env: { ...inherited(), ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const port = await listeningPort(server);
    return new HostServer(server, port, options.dir);
  }

  /** The address of a workbench with this folder open and, if given, an extension under development. */
  url(page: PageOptions): string {
    const remote = (path: string): string => `vscode-remote://localhost:${this.port}${path}`;
    const payload: [string, string][] = [];
    if (page.extensionDevelopmentPath !== undefined)
      payload.push(["extensionDevelopmentPath", remote(page.extensionDevelopmentPath)]);
    if (page.extensionTestsPath !== undefined)
      payload.push(["extensionTestsPath", remote(page.extensionTestsPath)]);
    const query = new URLSearchParams({ folder: page.folder, payload: JSON.stringify(payload) });
    return `http://localhost:${this.port}/?${query}`;
  }

  /** Ends the server and all that it started. */
  stop(): Promise<void> {
    return stopGroup(this.#process);
  }
}

/** Installs a packed extension as a user would. */
export async function installVsix(dir: string, vsix: string): Promise<void> {
  const serverMain = await installHost();
  const args = ["--install-extension", vsix, "--extensions-dir", extensionsDir(dir)];
  const installer = spawn(process.execPath, [serverMain, ...args, "--server-data-dir", dataDir(dir)], {
    env: inherited(),
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = await once(installer, "exit");
  if (code !== 0) throw new Error(`installing ${vsix} ended with ${code}`);
}

/** Where this server keeps the user's settings.json; also application-scoped ones are read from here. */
export async function userSettingsFile(dir: string): Promise<string> {
  const folder = join(dataDir(dir), "data", "User");
  await mkdir(folder, { recursive: true });
  return join(folder, "settings.json");
}

function dataDir(dir: string): string {
  return join(dir, "data");
}

/** Where this server keeps installed extensions. */
export function extensionsDir(dir: string): string {
  return join(dir, "extensions");
}

/** The environment without what would make the server believe that it runs inside another VS Code. */
function inherited(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name),
  );
  return Object.fromEntries(entries);
}

function listeningPort(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let heard = "";
    const fail = (why: string): void => {
      clearTimeout(timer);
      void stopGroup(server);
      reject(new Error(`VS Code's server ${why}:\n${heard}`));
    };
    const timer = setTimeout(() => fail(`did not listen within ${readyWithinMs / 1000} s`), readyWithinMs);
    const listen = (chunk: Buffer): void => {
      heard = (heard + chunk.toString()).slice(-4_000);
      const port = /listening on (\d+)/.exec(heard)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    server.stdout?.on("data", listen);
    server.stderr?.on("data", listen);
    server.on("error", (error) => fail(`did not start (${error.message})`));
    server.on("exit", (code) => fail(`ended with ${code}`));
  });
}
