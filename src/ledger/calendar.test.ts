import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { daysOf, localDay, monthOf } from "../base/calendar.ts";

/** What a process that lives in a time zone prints, as JSON. */
function inZone<T>(timeZone: string, code: string): T {
  const out = execFileSync(process.execPath, ["--input-type=module"], {
    input: code,
    env: { ...process.env, TZ: timeZone },
    encoding: "utf8",
    maxBuffer: 10_000_000,
  });
  return JSON.parse(out);
}

function module(path: string): string {
  return JSON.stringify(new URL(path, import.meta.url).href);
}

function daysIn(timeZone: string, moments: readonly string[]): readonly string[] {
  return inZone(
    timeZone,
    `import { localDay } from ${module("../base/calendar.ts")};
    console.log(JSON.stringify(${JSON.stringify(moments)}.map((moment) => localDay(Date.parse(moment)))));`,
  );
}

describe("a local day", () => {
  it("is written with the year first", () => {
    expect(localDay(new Date(2026, 0, 5, 12).getTime())).toBe("2026-01-05");
    expect(monthOf("2026-11-21")).toBe("2026-11");
    expect(daysOf("2026-11")).toEqual(["2026-11-01", "2026-11-31"]);
  });

  it("of 23 hours ends at its own midnight", () => {
    // Berlin, 29 March 2026: 02:00 becomes 03:00.
    expect(
      daysIn("Europe/Berlin", [
        "2026-03-28T22:59:59.999Z",
        "2026-03-28T23:00:00Z",
        "2026-03-29T21:59:59.999Z",
        "2026-03-29T22:00:00Z",
      ]),
    ).toEqual(["2026-03-28", "2026-03-29", "2026-03-29", "2026-03-30"]);
  });

  it("of 25 hours ends at its own midnight", () => {
    // Berlin, 25 October 2026: 03:00 becomes 02:00.
    expect(
      daysIn("Europe/Berlin", [
        "2026-10-24T21:59:59.999Z",
        "2026-10-24T22:00:00Z",
        "2026-10-25T22:59:59.999Z",
        "2026-10-25T23:00:00Z",
      ]),
    ).toEqual(["2026-10-24", "2026-10-25", "2026-10-25", "2026-10-26"]);
  });

  it("begins at one o'clock where the clock skips midnight", () => {
    // Cairo, 24 April 2026: 00:00 becomes 01:00.
    expect(daysIn("Africa/Cairo", ["2026-04-23T21:59:59.999Z", "2026-04-23T22:00:00Z"])).toEqual([
      "2026-04-23",
      "2026-04-24",
    ]);
  });

  it("is the local one, not that of Greenwich", () => {
    expect(daysIn("Pacific/Auckland", ["2026-11-20T11:30:00Z"])).toEqual(["2026-11-21"]);
    expect(daysIn("America/Los_Angeles", ["2026-11-21T07:59:00Z"])).toEqual(["2026-11-20"]);
  });

  // Both directions, half an hour, midnight itself, and beyond the date line.
  it.each([
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "America/Havana",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
  ])("is that of the calendar at every half hour of a year, and the millisecond before: %s", (timeZone) => {
    const start = Date.UTC(2026, 0, 1);
    const moments = Array.from({ length: 2 * 24 * 365 }, (_, half) => start + half * 1_800_000).flatMap(
      (ms) => [new Date(ms - 1).toISOString(), new Date(ms).toISOString()],
    );
    const calendar = new Intl.DateTimeFormat("en-CA", { timeZone });
    expect(daysIn(timeZone, moments)).toEqual(moments.map((moment) => calendar.format(new Date(moment))));
  });
});

describe("a day’s budget", () => {
  it.each([
    ["of 23 hours", "Europe/Berlin", "2026-03-29T21:59:59.999Z"],
    ["of 25 hours", "Europe/Berlin", "2026-10-25T22:59:59.999Z"],
    ["before one that begins at one o’clock", "Africa/Cairo", "2026-04-23T21:59:59.999Z"],
    ["at the end of a month", "Pacific/Auckland", "2026-11-30T10:59:59.999Z"],
  ])("%s starts anew at its own midnight", (_what, timeZone, last) => {
    const folder = mkdtempSync(join(tmpdir(), "switchyard-day-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = JSON.stringify(join(folder, "ledger.db"));
    const [today, tomorrow] = inZone<readonly unknown[]>(
      timeZone,
      `import { openLedger } from ${module("./sqlite/open.ts")};
      let nowMs = Date.parse(${JSON.stringify(last)});
      const ledger = await openLedger({ file: ${file}, now: () => nowMs, randomId: () => String(nowMs) });
      const spend = async () => {
        const limits = { dailyNanoUsd: 100 };
        const held = await ledger.budget.reserve({
          ref: "a/b", maximumNanoUsd: 100, minimumNanoUsd: 100, limits, soft: false });
        if (held.kind === "reserved") await ledger.budget.settle(held.id, { cost: { kind: "exact", nanoUsd: 100 } });
        return held.kind;
      };
      const today = [await spend(), await spend()];
      nowMs += 1;
      const tomorrow = [await spend(), await spend()];
      console.log(JSON.stringify([today, tomorrow]));
      await ledger.close();`,
    );
    expect([today, tomorrow]).toEqual([
      ["reserved", "exceeded"],
      ["reserved", "exceeded"],
    ]);
  });
});
