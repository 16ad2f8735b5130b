import { afterEach, describe, expect, it, vi } from "vitest";
import { daysOf, localDay, monthOf } from "./calendar.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

function daysIn(timeZone: string, times: readonly string[]): readonly string[] {
  vi.stubEnv("TZ", timeZone);
  return times.map((time) => localDay(Date.parse(time)));
}

describe("a local day", () => {
  it("starts with the year", () => {
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

  it("begins at one o'clock if the clock skips midnight", () => {
    // Cairo, 24 April 2026: 00:00 becomes 01:00.
    expect(daysIn("Africa/Cairo", ["2026-04-23T21:59:59.999Z", "2026-04-23T22:00:00Z"])).toEqual([
      "2026-04-23",
      "2026-04-24",
    ]);
  });

  it("is the local one, not that of UTC", () => {
    expect(daysIn("Pacific/Auckland", ["2026-11-20T11:30:00Z"])).toEqual(["2026-11-21"]);
    expect(daysIn("America/Los_Angeles", ["2026-11-21T07:59:00Z"])).toEqual(["2026-11-20"]);
  });

  // Daylight saving time in both directions, by half an hour and at midnight, and zones beyond the date line.
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
  ])(
    "agrees with the calendar at every half hour of a year, and one millisecond before, in %s",
    (timeZone) => {
      vi.stubEnv("TZ", timeZone);
      const start = Date.UTC(2026, 0, 1);
      const calendar = new Intl.DateTimeFormat("en-CA", { timeZone });
      const times = Array.from({ length: 2 * 24 * 365 }, (_, half) => start + half * 1_800_000);
      const wrong = times.flatMap((ms) => [ms - 1, ms]).filter((ms) => localDay(ms) !== calendar.format(ms));
      expect(wrong).toEqual([]);
    },
  );
});
