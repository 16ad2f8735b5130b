/**
 * The local calendar day of a moment, e.g. `2026-11-21`. Read off the calendar, so that a day of 23 or 25 hours is one
 * day too.
 * @param ms milliseconds since 1970.
 */
export function localDay(ms: number): string {
  const date = new Date(ms);
  const year = String(date.getFullYear()).padStart(4, "0");
  return `${year}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
}

/** The month of a day: `2026-11` of `2026-11-21`. */
export function monthOf(day: string): string {
  return day.slice(0, 7);
}

/** The first and the last day that can be in a month, for a range of days as text. */
export function daysOf(month: string): readonly [first: string, last: string] {
  return [`${month}-01`, `${month}-31`];
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
