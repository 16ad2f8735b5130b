import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { installHost } from "./install.ts";
import { startGroup, stopGroup } from "./processGroup.ts";

/** User settings that turn off the welcome pages, prompts and background activity of a new VS Code. */
export const quietSettings = {
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  // The demo's workspace is in a folder of this repository.
  "git.openRepositoryInParentFolders": "never",
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

/** Options of a VS Code server. */
export type ServerOptions = {
  /** The folder that the server and its extension host write into. */
  readonly dir: string;
  /** Environment variables of the extension host, such as `SWITCHYARD_HOME`. */
  readonly env: Readonly<Record<string, string>>;
  /** Turns workspace trust on. Restricted Mode needs it. */
  readonly workspaceTrust?: boolean;
};

/** What a page of the workbench opens. */
export type PageOptions = {
  /** A folder, or a .code-workspace file. */
  readonly folder: string;
  readonly extensionDevelopmentPath?: string;
  readonly extensionTestsPath?: string;
  /** Environment variables of this page's extension host, beside those of the server. */
  readonly env?: Readonly<Record<string, string>>;
};

const START_TIMEOUT_MS = 60_000;

/** VS Code's server on a free local port. */
export class HostServer {
  readonly port: number;
  readonly dir: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, port: number, dir: string) {
    this.#process = process;
    this.port = port;
    this.dir = dir;
  }

  /** Starts a server. Resolves when it listens. */
  static async start(options: ServerOptions): Promise<HostServer> {
    const serverMain = await installHost();
    await mkdir(options.dir, { recursive: true });
    const args = [
      ...["--host", "127.0.0.1", "--port", "0"],
      "--without-connection-token",
      "--accept-server-license-terms",
      // Without it, a built workbench ignores extensionDevelopmentPath and extensionTestsPath.
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

  /** The address of a workbench page. */
  url(page: PageOptions): string {
    const remote = (path: string): string => `vscode-remote://localhost:${this.port}${path}`;
    const payload: [string, string][] = [];
    if (page.extensionDevelopmentPath !== undefined)
      payload.push(["extensionDevelopmentPath", remote(page.extensionDevelopmentPath)]);
    if (page.extensionTestsPath !== undefined)
      payload.push(["extensionTestsPath", remote(page.extensionTestsPath)]);
    if (page.env !== undefined) payload.push(["extensionEnvironment", JSON.stringify(page.env)]);
    const kind = page.folder.endsWith(".code-workspace") ? "workspace" : "folder";
    const query = new URLSearchParams({ [kind]: page.folder, payload: JSON.stringify(payload) });
    return `http://localhost:${this.port}/?${query}`;
  }

  /** Ends the server and every process that it started. */
  stop(): Promise<void> {
    return stopGroup(this.#process);
  }
}

/** Installs a packed extension. */
export async function installVsix(dir: string, vsix: string): Promise<void> {
  const serverMain = await installHost();
  const args = ["--install-extension", vsix, "--extensions-dir", extensionsDir(dir)];
  const installer = spawn(process.execPath, [serverMain, ...args, "--server-data-dir", dataDir(dir)], {
    env: inherited(),
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = await once(installer, "exit");
  if (code !== 0) throw new Error(`Installing ${vsix} ended with ${code}.`);
}

/** The path of the user's settings.json, which also holds application-scoped settings. */
export async function userSettingsFile(dir: string): Promise<string> {
  const folder = join(dataDir(dir), "data", "User");
  await mkdir(folder, { recursive: true });
  return join(folder, "settings.json");
}

function dataDir(dir: string): string {
  return join(dir, "data");
}

/** The folder of installed extensions. */
export function extensionsDir(dir: string): string {
  return join(dir, "extensions");
}

/** This process's environment without the variables by which VS Code marks its own child processes. */
function inherited(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name),
  );
  return Object.fromEntries(entries);
}

function listeningPort(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = "";
    const fail = (problem: string): void => {
      clearTimeout(timer);
      void stopGroup(server);
      reject(new Error(`VS Code's server ${problem}:\n${output}`));
    };
    const timer = setTimeout(
      () => fail(`did not listen within ${START_TIMEOUT_MS / 1000} s`),
      START_TIMEOUT_MS,
    );
    const listen = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-4_000);
      const port = /listening on (\d+)/.exec(output)?.[1];
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
