import { existsSync, renameSync } from "node:fs";

/**
 * Renames a ledger that cannot be used, with the files that SQLite keeps beside it, so that it can still be opened
 * under its new name. Nothing is deleted.
 * @returns the new path.
 */
export function setAside(file: string, problem: "damaged" | "newer", nowMs: number): string {
  const aside = freeName(`${file}.${problem}-${stamp(nowMs)}`);
  for (const suffix of ["-wal", "-shm", ""]) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  return aside;
}

/** What a person is told of it. */
export function noticeOf(problem: "damaged" | "newer", detail: string, aside: string): string {
  const what = problem === "damaged" ? "is damaged" : "was written by a newer version of Switchyard";
  return (
    `The ledger of budget and history ${what} (${detail}). It was kept as ${aside}, and a new one was started: ` +
    "what was spent before is not counted any more."
  );
}

/** `20261121-083000`: no colons, which Windows forbids in names. */
function stamp(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
}

function freeName(name: string): string {
  let free = name;
  for (let number = 2; existsSync(free); number += 1) free = `${name}-${number}`;
  return free;
}
