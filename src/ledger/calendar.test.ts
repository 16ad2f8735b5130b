import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { daysOf, localDay, monthOf } from "./calendar.ts";

/** The days of moments in a time zone, told by a process that lives there. */
function daysIn(timeZone: string, moments: readonly string[]): readonly string[] {
  const file = new URL("./calendar.ts", import.meta.url).href;
  const code = `import { localDay } from ${JSON.stringify(file)};
    console.log(JSON.stringify(${JSON.stringify(moments)}.map((moment) => localDay(Date.parse(moment)))));`;
  const out = execFileSync(process.execPath, ["--input-type=module", "--eval", code], {
    env: { ...process.env, TZ: timeZone },
    encoding: "utf8",
  });
  return JSON.parse(out);
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
});
