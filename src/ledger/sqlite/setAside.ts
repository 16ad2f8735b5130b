import { existsSync, renameSync } from "node:fs";
import type { Salvaged } from "./salvage.ts";

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
export function noticeOf(
  problem: "damaged" | "newer",
  detail: string,
  aside: string,
  salvaged: Salvaged,
): string {
  const what = problem === "damaged" ? "is damaged" : "was written by a newer version of Switchyard";
  return (
    `The ledger of budget and history ${what} (${detail}). It was kept as ${aside}, and a new one was started: ` +
    SALVAGED[salvaged]
  );
}

const SALVAGED: Readonly<Record<Salvaged, string>> = {
  all: "what was spent this month is counted on; history and conversations are in the old file.",
  part: "what could be read of this month’s spend is counted on, and some of it may be missing.",
  nothing: "what was spent before could not be read, and is not counted any more.",
};

/** `20261121-083000`: no colons, which Windows forbids in names. */
function stamp(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
}

function freeName(name: string): string {
  let free = name;
  for (let number = 2; existsSync(free); number += 1) free = `${name}-${number}`;
  return free;
}
