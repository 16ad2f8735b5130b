import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";

const running = new Set<ChildProcess>();
let listening = false;

/** Starts a process as the leader of a process group. The group ends with this process. */
export function startGroup(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  endGroupsWithThisProcess();
  const child = spawn(command, args, { ...options, detached: process.platform !== "win32" });
  running.add(child);
  // Processes that the leader forked may still run.
  child.once("exit", () => killGroup(child, "SIGTERM"));
  return child;
}

/** Ends the group with SIGTERM, and after a second with SIGKILL. */
export async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const ended = once(child, "exit");
    killGroup(child, "SIGTERM");
    const killer = setTimeout(() => killGroup(child, "SIGKILL"), 1_000);
    await ended;
    clearTimeout(killer);
  }
  killGroup(child, "SIGKILL");
  running.delete(child);
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
  } catch {
    // The group has ended.
  }
}

function endGroupsWithThisProcess(): void {
  if (listening) return;
  listening = true;
  process.on("exit", () => {
    for (const child of running) killGroup(child, "SIGKILL");
  });
  // A parent that is killed sends no signal, so an orphan ends by itself.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(130);
  }, 500).unref();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));
}
