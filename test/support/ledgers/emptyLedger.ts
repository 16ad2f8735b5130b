import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLedger } from "../../../src/ledger/sqlite/open.ts";

/** A folder in memory if the platform has one: otherwise most of a test's time is SQLite waiting for the disk. */
export const memoryFolder: string = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

const contents = await emptyLedger();

/** Makes a file that is a new ledger. Opening it is faster than opening a missing file, which runs all steps of the schema. */
export function placeEmptyLedger(file: string): void {
  writeFileSync(file, contents, { mode: 0o600 });
}

async function emptyLedger(): Promise<Buffer> {
  const folder = mkdtempSync(join(memoryFolder, "switchyard-empty-ledger-"));
  const file = join(folder, "ledger.db");
  try {
    await (await openLedger({ file, now: () => 0, randomId: () => "no process" })).close();
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
