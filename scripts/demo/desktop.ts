import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { startGroup } from "../host/processGroup.ts";
import { quietSettings } from "../host/server.ts";
import { inProject } from "../project.ts";

/** The oldest VS Code that loads the extension: `engines.vscode`. */
const oldest = [1, 106] as const;
const windows = process.platform === "win32";

/** Whether a desktop VS Code that is new enough is on the PATH, and there is a screen for it. */
export function hasDesktopCode(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === "linux" && !DISPLAY && !WAYLAND_DISPLAY) return false;
  const { stdout } = spawnSync("code", ["--version"], { encoding: "utf8", shell: windows, timeout: 10_000 });
  return isNewEnough(stdout ?? "");
}

/** Reads the first line of `code --version`. */
export function isNewEnough(versionWords: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)\./.exec(versionWords) ?? [];
  if (major === undefined || minor === undefined) return false;
  return Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1]);
}

/** Opens desktop VS Code with settings, extensions and a ledger of its own; resolves when its window is closed. */
export async function openDesktopCode(folder: string, home: string): Promise<void> {
  const userData = inProject(".vscode-test/desktop/user-data");
  const settings = `${userData}/User/settings.json`;
  if (!existsSync(settings)) {
    await mkdir(dirname(settings), { recursive: true });
    await writeFile(settings, JSON.stringify(quietSettings, null, 2));
  }
  const startedMs = Date.now();
  // `code` starts the editor in a session of its own, out of reach of a process group; the editor leaves its id here.
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

/** Ends the editor that this run started, and no other. */
function endEditor(lockFile: string, startedMs: number): void {
  try {
    const pid = Number(readFileSync(lockFile, "utf8"));
    if (Number.isInteger(pid) && pid > 0 && statSync(lockFile).mtimeMs >= startedMs)
      process.kill(pid, "SIGTERM");
  } catch {
    // No lock: the editor has ended already.
  }
}
