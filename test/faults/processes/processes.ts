import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { createTestLedger, type TestLedger } from "../../support/ledgers/testLedger.ts";
import type { WindowWork } from "./engineProcess.ts";
import type { Probing, Spending } from "./ledgerProcess.ts";

export type LedgerProcess = {
  readonly child: ChildProcess;
  begin(): void;
  /** The next line that it prints. */
  line(): Promise<Record<string, unknown>>;
};

/** The program of a process, and its work. */
export type Job =
  | { readonly script: "ledgerProcess.ts"; readonly work: Spending | Probing }
  | { readonly script: "engineProcess.ts"; readonly work: Omit<WindowWork, "file"> };

/** A ledger in real time, on the day that all processes use. The first of them makes its file. */
export function sharedLedger(): TestLedger {
  const testLedger = createTestLedger({ isMissing: true });
  testLedger.clock.nowMs = Date.now();
  return { ...testLedger, open: (options) => testLedger.open({ dayOf: () => "2026-11-21", ...options }) };
}

/**
 * Starts a process on the ledger. Resolves when it is ready to begin.
 * @param fileBlocks the maximum size of a file, in blocks of the shell's `ulimit`, as on a full disk
 */
export async function startProcess(
  { file }: TestLedger,
  { script, work }: Job,
  fileBlocks?: number,
): Promise<LedgerProcess> {
  const program = fileURLToPath(new URL(script, import.meta.url));
  const command = [process.execPath, program, JSON.stringify({ ...work, file })];
  const limited = ["/bin/sh", "-c", `ulimit -S -f ${fileBlocks}; exec "$@"`, "sh", ...command];
  const [executable = "", ...rest] = fileBlocks === undefined ? command : limited;
  // The errors of a process that has to fail are not shown.
  const child = spawn(executable, rest, {
    stdio: ["pipe", "pipe", fileBlocks === undefined ? "inherit" : "ignore"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async () => {
    const next = await lines.next();
    if (next.done === true) throw new Error("The process ended without a line.");
    return JSON.parse(next.value);
  };
  await line();
  return { child, line, begin: () => child.stdin.write("go\n") };
}

/** Starts several processes, which begin at the same time. */
export async function startProcesses(
  testLedger: TestLedger,
  count: number,
  job: Job,
): Promise<readonly LedgerProcess[]> {
  const ready = await Promise.all(Array.from({ length: count }, () => startProcess(testLedger, job)));
  for (const child of ready) child.begin();
  return ready;
}
