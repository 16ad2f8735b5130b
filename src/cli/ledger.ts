import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { systemClock } from "../base/time/clock.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { ledgerFile } from "../ledger/ledgerFile.ts";
import { openLedger } from "../ledger/sqlite/open.ts";
import { reasonOf, UsageError } from "./terminal.ts";

/** Opens the ledger that `--ledger` names; by default that of the operating-system user. @throws UsageError */
export async function openNamedLedger(named: string | undefined): Promise<Ledger> {
  const file = named ?? ledgerFile({ platform: process.platform, env: process.env, homeDir: homedir() });
  try {
    return await openLedger({
      file,
      isNamed: named !== undefined,
      now: systemClock.now,
      randomId: randomUUID,
    });
  } catch (error) {
    // The ledger's own errors are sentences that name the file.
    const isOfSystem = error instanceof Error && ("syscall" in error || "errcode" in error);
    const message = isOfSystem ? `Cannot open the ledger ${file}: ${reasonOf(error)}.` : reasonOf(error);
    throw new UsageError(message, { cause: error });
  }
}
