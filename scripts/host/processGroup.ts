import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";

const running = new Set<ChildProcess>();
let listening = false;

/** Starts a process that leads a group of its own; whatever ends this process ends the whole group too. */
export function startGroup(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  endGroupsWithThisProcess();
  const child = spawn(command, args, { ...options, detached: process.platform !== "win32" });
  running.add(child);
  // The leader's end is not the group's: what it forked may still run.
  child.once("exit", () => killGroup(child, "SIGTERM"));
  return child;
}

/** Asks the group to end, and after a second makes it. */
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
    // It has ended already.
  }
}

function endGroupsWithThisProcess(): void {
  if (listening) return;
  listening = true;
  process.on("exit", () => {
    for (const child of running) killGroup(child, "SIGKILL");
  });
  // Whoever started this process may have been killed without a word: an orphan ends too.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(130);
  }, 500).unref();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));
}
