/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html). */
const BUSY = 5;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;
/** READONLY, IOERR, FULL, CANTOPEN. */
const UNWRITABLE: ReadonlySet<number | undefined> = new Set([8, 10, 13, 14]);

/** Another process kept the ledger locked for too long. */
export class LedgerBusy extends Error {
  constructor(file: string, waitedMs: number, options?: ErrorOptions) {
    super(
      `The ledger (${file}) has been locked by another process for ${Math.round(waitedMs / 1000)} s. ` +
        "Nothing was written. Try again, or close the program that holds the lock.",
      options,
    );
    this.name = "LedgerBusy";
  }
}

/** The disk is full or defective, or the file is read-only. */
export class LedgerUnwritable extends Error {
  constructor(file: string, options: { readonly cause: unknown }) {
    const { cause } = options;
    super(
      `The ledger (${file}) cannot be written: ${cause instanceof Error ? cause.message : String(cause)}. ` +
        "Its contents are unchanged. Check the disk (is it full?) and try again.",
      options,
    );
    this.name = "LedgerUnwritable";
  }
}

/** The file is not a ledger. It was only read. */
export class ForeignFile extends Error {
  /** @param kind what the file is instead, such as `a folder` */
  constructor(file: string, kind: string, options?: ErrorOptions) {
    super(`${file} is not a ledger of Switchyard, but ${kind}. It is unchanged. Name another file.`, options);
    this.name = "ForeignFile";
  }
}

/** The file is not a ledger that this version can use. */
export class UnusableLedger extends Error {
  readonly problem: "damaged" | "newer";

  constructor(problem: "damaged" | "newer", detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = "UnusableLedger";
    this.problem = problem;
  }
}

/** Whether another process holds the lock at the moment, so that trying again can succeed. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === BUSY;
}

/** Whether the file's contents are damaged, as opposed to a full disk or a file without read permission. */
export function isDamage(error: unknown): boolean {
  const code = resultCode(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

/** Whether the write failed for lack of space or permission. */
export function isUnwritable(error: unknown): boolean {
  return UNWRITABLE.has(resultCode(error));
}

/** Whether the same write can succeed later: the file was locked for too long, or the disk is full. */
export function isTemporary(error: unknown): boolean {
  return error instanceof LedgerBusy || error instanceof LedgerUnwritable;
}

/** The primary result code of an error of node:sqlite; undefined for any other error. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}
