import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";

export type Machine = {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
};

/**
 * Where the ledger of this operating-system user is: the platform's data directory, the same for every window, product
 * and `serve`. `SWITCHYARD_HOME` names another folder. A relative XDG_DATA_HOME is ignored, as its specification says.
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

/** Makes the ledger's folder and file, readable by their owner only; SQLite gives its own side files the same mode. */
export function makeLedgerFile(file: string): void {
  const folder = dirname(file);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(file)) closeSync(openSync(file, "a", 0o600));
}
