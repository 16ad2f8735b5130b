const UNITS_MS = [
  [/^(ms|millisecond)/, 1],
  [/^s/, 1000],
  [/^m/, 60_000],
  [/^h/, 3_600_000],
  [/^d/, 86_400_000],
  [/^w/, 604_800_000],
] as const;

const UNIT = "(?:weeks?|days?|d|hours?|hrs?|h|minutes?|mins?|milliseconds?|ms|m|seconds?|secs?|s)(?![a-z])";
const AMOUNT = `\\d+(?:\\.\\d+)?\\s*${UNIT}`;
/** One or more amounts with units: "6m0s", "1h2m3.5s", "3 days, 4 hours and 12 minutes". */
const SPAN = new RegExp(`(?<![\\w.])${AMOUNT}(?:\\s*,?\\s*(?:and\\s+)?${AMOUNT})*`, "i");
const AMOUNTS = new RegExp(`(\\d+(?:\\.\\d+)?)\\s*(${UNIT})`, "gi");

/** The first span of time in a text, in milliseconds, and where it is; undefined if there is none. */
function findSpan(text: string): Found | undefined {
  const match = SPAN.exec(text);
  if (match === null) return undefined;
  let ms = 0;
  for (const [, amount = "", unit = ""] of match[0].matchAll(AMOUNTS)) {
    const factor = UNITS_MS.find(([pattern]) => pattern.test(unit.toLowerCase()))?.[1] ?? 0;
    ms += Number(amount) * factor;
  }
  return { at: match.index, text: match[0], ms: Math.round(ms) };
}

type Found = { readonly at: number; readonly text: string; readonly ms: number };

/** A longer text is no time: the patterns take too long for a text of any length. */
const MAX_CHARACTERS = 100;

/** The milliseconds of a span such as "120ms", "6m0s" or "3 days"; a number alone counts seconds. */
export function spanMs(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_CHARACTERS) return undefined;
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1000;
  const found = findSpan(trimmed);
  return found?.text === trimmed ? found.ms : undefined;
}

const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*";
/** A date as providers write it, with or without a time of day and a zone. */
const DATES = [
  // 2026-11-28, 2026-11-28T18:00:00Z, 2026-11-28 at 18:00 UTC
  /(?<date>\d{4}-\d{2}-\d{2})(?:(?:T|,?\s+(?:at\s+)?)(?<time>\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?\s*(?<zone>[+-]\d{2}:?\d{2})?/,
  // Sat, 28 Nov 2026 18:00:00 GMT
  new RegExp(
    `(?<date>\\d{1,2} ${MONTH} \\d{4})(?:,? (?:at )?(?<time>\\d{1,2}:\\d{2}(?::\\d{2})?))?(?<zone>)`,
  ),
  // Nov 28, 2026 18:00
  new RegExp(
    `(?<date>${MONTH}\\.? \\d{1,2}),? (?<year>\\d{4})(?:,? (?:at )?(?<time>\\d{1,2}:\\d{2}(?::\\d{2})?))?(?<zone>)`,
  ),
  // Seconds or milliseconds since 1970
  /(?<![\w.])(?<epoch>1\d{9}|1\d{12})(?!\w|\.\d)/,
];

/** The first date in a text, as milliseconds since 1970, and where it is. A date without a zone is taken for UTC. */
function findDate(text: string): Found | undefined {
  for (const pattern of DATES) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const { date = "", year = "", time, zone, epoch } = match.groups ?? {};
    const day = year === "" ? date : `${date} ${year}`;
    const isIso = /^\d{4}-/.test(day);
    const instant = isIso ? `${day}T${time ?? "00:00"}${zone || "Z"}` : `${day} ${time ?? "00:00"} UTC`;
    const ms = epoch === undefined ? Date.parse(instant) : epochMs(Number(epoch));
    if (!Number.isNaN(ms)) return { at: match.index, text: match[0], ms };
  }
  return undefined;
}

/** Milliseconds since 1970, from seconds or milliseconds. */
function epochMs(value: number): number {
  return value < 100_000_000_000 ? value * 1000 : value;
}

/**
 * The milliseconds until a reset that a header or field names: a date, seconds or milliseconds since 1970, or a span. A
 * number that is no time since 1970 counts seconds.
 */
export function untilResetMs(value: unknown, nowMs: number): number | undefined {
  if (typeof value === "number") return value >= 1_000_000_000 ? epochMs(value) - nowMs : value * 1000;
  if (typeof value !== "string" || value.length > MAX_CHARACTERS) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return untilResetMs(Number(value), nowMs);
  const date = findDate(value);
  return date === undefined ? spanMs(value) : date.ms - nowMs;
}

/** After these words, a time is one to wait for, and not the period of a limit ("50 requests per 10s"). */
const BEFORE_TIME =
  /\b(?:try(?:ing)? again|retry(?:ing)?|resets?|reset(?:ting)?|available|refresh(?:es|ed)?|renews?|renewed|wait|(?:re)?gain access|until)\b/gi;
const MAX_DISTANCE = 40;

/**
 * The wait that a message names, in milliseconds: "try again in 3 days", "resets at 2026-11-28T00:00:00Z", "wait 80567
 * seconds". Undefined if it names none.
 */
export function waitInMessage(message: string, nowMs: number): number | undefined {
  for (const { index, 0: words } of message.matchAll(BEFORE_TIME)) {
    const rest = message.slice(index + words.length, index + words.length + 2 * MAX_DISTANCE);
    const [sentence = ""] = rest.split(/[.;!?]\s/, 1);
    const date = findDate(sentence);
    const span = findSpan(sentence);
    const first = date !== undefined && (span === undefined || date.at <= span.at) ? date : span;
    if (first === undefined || first.at > MAX_DISTANCE) continue;
    return first === date ? first.ms - nowMs : first.ms;
  }
  return undefined;
}
