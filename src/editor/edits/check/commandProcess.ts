import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { stripVTControlCharacters } from "node:util";
import type { StartTimer } from "../../../base/time/timer.ts";
import type { CheckFailure } from "../../../contract/edit/editCheck.ts";

/** How a command ended, and the end of its output, without colours and the like. */
export type CommandEnd = {
  readonly exit:
    | Extract<CheckFailure, { kind: "command-failed" }>["exit"]
    | { readonly kind: "not-started"; readonly message: string }
    /** By `stop`. */
    | { readonly kind: "stopped" };
  readonly lastLines: readonly string[];
};

/** A command that runs. */
export type RunningCommand = {
  /** Never rejects. */
  readonly end: Promise<CommandEnd>;
  /** Ends it with all of its processes. */
  readonly stop: () => void;
};

export type CommandOptions = {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly startTimer: StartTimer;
  /** Receives what the command prints, as it comes. */
  readonly onOutput: (text: string) => void;
};

/** Some tests print much about each failure. */
const MAX_LINES = 60;
const MAX_LINE_CHARACTERS = 500;
/** So long processes have to end by themselves before they are killed. */
const KILL_AFTER_MS = 2_000;
/** A process that the command left running may keep its output open. */
const DRAIN_MS = 500;

/** A terminal of an extension takes what it gets, so a command that prints without end is slowed to some MB a second. */
const MAX_BURST_CHARACTERS = 256 * 1024;
const PAUSE_MS = 50;

const isWindows = process.platform === "win32";

/** Runs a command in the system's shell (sh, on Windows cmd). */
export function startCommand(command: string, options: CommandOptions): RunningCommand {
  const { folder, environment, timeoutMs, startTimer, onOutput } = options;
  const lines = new LastLines();
  const child = spawn(command, {
    cwd: folder,
    env: environment,
    shell: true,
    // A process group of its own, so that all of its processes can be ended.
    detached: !isWindows,
    windowsHide: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const streams = [child.stdout, child.stderr];
  const resume = () => {
    for (const stream of streams) stream.resume();
  };
  let isRunning = true;
  let burst = 0;
  for (const stream of streams)
    stream.setEncoding("utf8").on("data", (text: string) => {
      // A process that the command left running may continue to print.
      if (!isRunning) return;
      lines.add(text);
      onOutput(text);
      burst += text.length;
      if (burst < MAX_BURST_CHARACTERS || child.exitCode !== null || child.signalCode !== null) return;
      burst = 0;
      for (const each of streams) each.pause();
      startTimer(resume, PAUSE_MS);
    });
  let ended: Extract<CommandEnd["exit"], { kind: "timed-out" | "stopped" }> | undefined;
  const endAs = (how: typeof ended) => {
    ended ??= how;
    signalTree(child, "SIGTERM");
    // On Windows they have ended, and another process may have the number by then.
    if (!isWindows) startTimer(() => signalTree(child, "SIGKILL"), KILL_AFTER_MS);
  };
  const stopTimer = startTimer(() => endAs({ kind: "timed-out", afterMs: timeoutMs }), timeoutMs);
  const end = async (): Promise<CommandEnd> => {
    try {
      const drained = Promise.withResolvers<undefined>();
      child.once("close", () => drained.resolve(undefined));
      const [code] = await once(child, "exit");
      resume();
      const stopDraining = startTimer(() => drained.resolve(undefined), DRAIN_MS);
      await drained.promise;
      stopDraining();
      const exit = ended ?? (typeof code === "number" ? { kind: "exited", code } : { kind: "killed" });
      return { exit, lastLines: lines.all };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { exit: { kind: "not-started", message }, lastLines: lines.all };
    } finally {
      stopTimer();
      isRunning = false;
    }
  };
  const stop = () => {
    if (isRunning) endAs({ kind: "stopped" });
  };
  return { end: end(), stop };
}

/** Signals the command and all that it started. On Windows, where there are no such signals, they end at once. */
function signalTree(child: ChildProcess, signal: NodeJS.Signals): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (isWindows) {
    const killer = spawn("taskkill", ["/pid", String(pid), "/T", "/F"], {
      windowsHide: true,
      stdio: "ignore",
    });
    // Without it, the command itself at least is ended.
    killer.once("error", () => child.kill());
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // All of them have ended.
  }
}

/** The last lines of a text that comes in pieces. */
class LastLines {
  #lines: string[] = [];
  #open = "";

  add(text: string): void {
    const lines = (this.#open + text).split("\n");
    // The end of a long line without an ending is kept, too.
    this.#open = (lines.pop() ?? "").slice(-10 * MAX_LINE_CHARACTERS);
    this.#lines = [...this.#lines, ...lines.slice(-MAX_LINES)].slice(-MAX_LINES);
  }

  get all(): readonly string[] {
    const lines = [...this.#lines, this.#open].map(shown);
    return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1).slice(-MAX_LINES);
  }
}

/** A line as it is shown in the end: progress is written over itself. */
function shown(line: string): string {
  const plain = stripVTControlCharacters(line).trimEnd();
  return plain.slice(plain.lastIndexOf("\r") + 1).slice(0, MAX_LINE_CHARACTERS);
}
