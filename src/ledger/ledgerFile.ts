import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";

/** What the path depends on. */
export type Machine = {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
};

/**
 * The path of this user's ledger: in the platform's data directory, the same for every window, product and `serve`, or in
 * the folder that `SWITCHYARD_HOME` names. A relative XDG_DATA_HOME is ignored, as its specification requires. The paths
 * are those of version 0.1.0, which `env-paths` does not produce (on Windows it appends `Data`).
 */
export function ledgerFile({ platform, env, homeDir }: Machine): string {
  const own = env["SWITCHYARD_HOME"];
  if (own !== undefined && own !== "") return join(own, "ledger.db");
  if (platform === "win32") {
    return join(env["LOCALAPPDATA"] || join(homeDir, "AppData", "Local"), "Switchyard", "ledger.db");
  }
  if (platform === "darwin")
    return join(homeDir, "Library", "Application Support", "Switchyard", "ledger.db");
  const data = env["XDG_DATA_HOME"] ?? "";
  return join(isAbsolute(data) ? data : join(homeDir, ".local", "share"), "switchyard", "ledger.db");
}

/** Does not use the option `recursive`, with which Node never returns below /proc, where no folder can be created. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have created it.
    if (!existsSync(folder)) throw error;
  }
}

/** Creates the ledger's folder and file, readable by their owner only. SQLite's side files get the same mode. */
export function makeLedgerFile(file: string): void {
  makeFolder(dirname(file));
  if (!existsSync(file)) closeSync(openSync(file, "a", 0o600));
}
