import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { type Scene, scene } from "../support/testLedger.ts";
import type { Probing, Spending } from "./ledgerChild.ts";
import type { WindowWork } from "./ledgerWindow.ts";

export type Worker = {
  readonly child: ChildProcess;
  begin(): void;
  /** The next line that it says. */
  line(): Promise<Record<string, unknown>>;
};

/** What a process does, and which of the two it is: one on the ledger alone, or a window with an engine. */
export type Job =
  | { readonly script: "ledgerChild.ts"; readonly work: Spending | Probing }
  | { readonly script: "ledgerWindow.ts"; readonly work: Omit<WindowWork, "file"> };

/** A scene in the real time of its processes, and on the one day that they all have. */
export function realScene(): Scene {
  const on = scene();
  on.clock.nowMs = Date.now();
  return { ...on, open: (options) => on.open({ dayOf: () => "2026-11-21", ...options }) };
}

/**
 * A real process on the scene's ledger, ready to begin.
 * @param fileBlocks the most that it may write to one file, as if the disk were full then; in the shell's own blocks.
 */
export async function worker({ file }: Scene, { script, work }: Job, fileBlocks?: number): Promise<Worker> {
  const program = fileURLToPath(new URL(script, import.meta.url));
  const command = [process.execPath, program, JSON.stringify({ ...work, file })];
  const limited = ["/bin/sh", "-c", `ulimit -S -f ${fileBlocks}; exec "$@"`, "sh", ...command];
  const [executable = "", ...rest] = fileBlocks === undefined ? command : limited;
  // A process that is to fail does so with many words.
  const child = spawn(executable, rest, {
    stdio: ["pipe", "pipe", fileBlocks === undefined ? "inherit" : "ignore"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async () => {
    const next = await lines.next();
    if (next.done === true) throw new Error("The process ended without a word.");
    return JSON.parse(next.value);
  };
  await line();
  return { child, line, begin: () => child.stdin.write("go\n") };
}

/** Several of them, begun together. */
export async function workers(on: Scene, count: number, job: Job): Promise<readonly Worker[]> {
  const ready = await Promise.all(Array.from({ length: count }, () => worker(on, job)));
  for (const one of ready) one.begin();
  return ready;
}
