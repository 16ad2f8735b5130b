import type { AnswerHeaders } from "./answer.ts";

/** A wait of more than a day is not a wait. */
const MAX_MS = 86_400_000;

/**
 * How long a provider asks to wait, in milliseconds: `retry-after-ms`, else `retry-after` in seconds or as an HTTP date
 * (RFC 9110, 10.2.3), else the `retryDelay` that Google puts in the body ("38s"). Undefined where it says nothing that
 * makes sense; never negative, never more than a day.
 */
export function retryAfterMs(headers: AnswerHeaders, body: unknown, nowMs: number): number | undefined {
  const found =
    numberOf(headers.get("retry-after-ms"), 1) ??
    numberOf(headers.get("retry-after"), 1000) ??
    untilDate(headers.get("retry-after"), nowMs) ??
    retryDelayOf(body, 0);
  return found === undefined ? undefined : Math.min(MAX_MS, Math.max(0, Math.round(found)));
}

function numberOf(value: string | null, factor: number): number | undefined {
  return value !== null && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) * factor : undefined;
}

function untilDate(value: string | null, nowMs: number): number | undefined {
  const atMs = value === null || !/[a-z]/i.test(value) ? Number.NaN : Date.parse(value);
  return Number.isNaN(atMs) ? undefined : atMs - nowMs;
}

function retryDelayOf(value: unknown, depth: number): number | undefined {
  if (depth > 4 || typeof value !== "object" || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const seconds =
      name === "retryDelay" && typeof inner === "string" && /^(\d+(?:\.\d+)?)s$/.exec(inner)?.[1];
    if (typeof seconds === "string") return Number(seconds) * 1000;
    const found = retryDelayOf(inner, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
