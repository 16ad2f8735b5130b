import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { startGroup } from "../host/processGroup.ts";
import { quietSettings } from "../host/server.ts";
import { inProject } from "../project.ts";

/** The minimum of `engines.vscode`. */
const MINIMUM_VERSION = [1, 106] as const;
const windows = process.platform === "win32";

/** Whether the PATH has a desktop VS Code that is new enough, and there is a screen. */
export function hasDesktopCode(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === "linux" && !DISPLAY && !WAYLAND_DISPLAY) return false;
  const { stdout } = spawnSync("code", ["--version"], { encoding: "utf8", shell: windows, timeout: 10_000 });
  return isNewEnough(stdout ?? "");
}

/** Whether the output of `code --version` names a version that can load the extension. */
export function isNewEnough(versionOutput: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)\./.exec(versionOutput) ?? [];
  if (major === undefined || minor === undefined) return false;
  return (
    Number(major) > MINIMUM_VERSION[0] ||
    (Number(major) === MINIMUM_VERSION[0] && Number(minor) >= MINIMUM_VERSION[1])
  );
}

/** Opens desktop VS Code with separate settings, extensions and ledger. Resolves when its window is closed. */
export async function openDesktopCode(folder: string, home: string): Promise<void> {
  const userData = inProject(".vscode-test/desktop/user-data");
  const settings = `${userData}/User/settings.json`;
  if (!existsSync(settings)) {
    await mkdir(dirname(settings), { recursive: true });
    await writeFile(settings, JSON.stringify(quietSettings, null, 2));
  }
  const startedMs = Date.now();
  // `code` starts the editor outside of its process group. The editor writes its process id into code.lock.
  process.on("exit", () => endEditor(`${userData}/code.lock`, startedMs));
  const args = [
    ...["--user-data-dir", userData],
    ...["--extensions-dir", inProject(".vscode-test/desktop/extensions")],
    `--extensionDevelopmentPath=${inProject()}`,
    "--disable-workspace-trust",
    "--new-window",
    "--wait",
    folder,
  ];
  const env = { ...process.env, SWITCHYARD_HOME: home };
  const code = startGroup("code", args, { env, shell: windows, stdio: "ignore" });
  await new Promise<void>((resolve, reject) => {
    code.on("exit", () => resolve());
    code.on("error", reject);
  });
}

/** Ends the editor, if this run started it. */
function endEditor(lockFile: string, startedMs: number): void {
  try {
    const pid = Number(readFileSync(lockFile, "utf8"));
    if (Number.isInteger(pid) && pid > 0 && statSync(lockFile).mtimeMs >= startedMs)
      process.kill(pid, "SIGTERM");
  } catch {
    // Without a lock file the editor has ended.
  }
}
