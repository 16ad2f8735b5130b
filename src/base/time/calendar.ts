/**
 * The local calendar day of a timestamp, e.g. `2026-11-21`. Uses the calendar rather than a division by 24 hours, so
 * days of 23 or 25 hours count as one day.
 * @param ms milliseconds since 1970
 */
export function localDay(ms: number): string {
  const date = new Date(ms);
  const year = String(date.getFullYear()).padStart(4, "0");
  return `${year}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
}

/** The day that is a number of days before another one. */
export function daysBefore(day: string, count: number): string {
  // At noon, because a day can begin at one o'clock.
  const date = new Date(`${day}T12:00:00`);
  date.setDate(date.getDate() - count);
  return localDay(date.getTime());
}

/** The month of a day: `2026-11` for `2026-11-21`. */
export function monthOf(day: string): string {
  return day.slice(0, 7);
}

/** The first and the last possible day of a month, for a range query on days stored as text. */
export function daysOf(month: string): readonly [first: string, last: string] {
  return [`${month}-01`, `${month}-31`];
}

/** The number of days from one day to a later one; 0 if it is not later. */
export function daysBetween(first: string, last: string): number {
  return Math.max(0, Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000));
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
