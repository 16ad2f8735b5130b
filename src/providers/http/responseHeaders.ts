import type { RateLimit } from "../../contract/provider.ts";
import type { ResponseHeaders } from "./transport.ts";

/** Longer waits are limited to a day. */
const MAX_WAIT_MS = 86_400_000;

const OPENAI_LIMITS = [
  ["requests", "requests"],
  ["tokens", "tokens"],
] as const;
const ANTHROPIC_LIMITS = [
  ["requests", "requests"],
  ["tokens", "tokens"],
  ["inputTokens", "input-tokens"],
  ["outputTokens", "output-tokens"],
] as const;

/** The value of a header, whose name is in lower case. Several values are joined with commas. */
export function headerOf(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "object" ? value.join(", ") : value;
}

/** The provider's id of a request, for its support. */
export function requestIdOf(headers: ResponseHeaders): string | undefined {
  const id =
    headerOf(headers, "x-request-id") ??
    headerOf(headers, "request-id") ??
    headerOf(headers, "apim-request-id");
  return id === "" ? undefined : id;
}

/**
 * The rate limits in a response's headers: `x-ratelimit-*` (OpenAI, Azure, Groq, …: resets like "6m0s") and
 * `anthropic-ratelimit-*` (resets as RFC 3339 dates). Values that cannot be parsed are omitted.
 */
export function rateLimitsOf(headers: ResponseHeaders, nowMs: number): readonly RateLimit[] {
  const limits: RateLimit[] = [];
  const value = (name: string): string | undefined => headerOf(headers, name);
  const add = (
    of: RateLimit["of"],
    limit: string,
    remaining: string,
    resetAtMs: number | undefined,
  ): void => {
    const left = countOf(value(remaining));
    if (left !== undefined) limits.push({ of, remaining: left, limit: countOf(value(limit)), resetAtMs });
  };
  for (const [of, name] of OPENAI_LIMITS) {
    const resetMs = durationMs(value(`x-ratelimit-reset-${name}`));
    const resetAtMs = resetMs === undefined ? undefined : nowMs + resetMs;
    add(of, `x-ratelimit-limit-${name}`, `x-ratelimit-remaining-${name}`, resetAtMs);
  }
  for (const [of, name] of ANTHROPIC_LIMITS) {
    const prefix = `anthropic-ratelimit-${name}`;
    const resetAtMs = Date.parse(value(`${prefix}-reset`) ?? "");
    add(of, `${prefix}-limit`, `${prefix}-remaining`, Number.isNaN(resetAtMs) ? undefined : resetAtMs);
  }
  return limits;
}

/** The milliseconds of a duration in Go's format ("120ms", "1s", "6m0s", "1h2m3.5s") or in seconds without a unit. */
function durationMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const parts = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/.exec(
    text.trim(),
  );
  if (parts === null || parts[0] === "") return undefined;
  const [, days = "0", hours = "0", minutes = "0", seconds = "0", milliseconds = "0"] = parts;
  const total = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return Math.round(total * 1000 + Number(milliseconds));
}

/**
 * The wait that a provider requests, in milliseconds, from 0 to a day: `retry-after-ms`, otherwise `retry-after` in
 * seconds or as an HTTP date (RFC 9110, 10.2.3), otherwise Google's `retryDelay` in the body ("38s"). Undefined if
 * there is none.
 */
export function retryAfterMs(headers: ResponseHeaders, body: unknown, nowMs: number): number | undefined {
  const retryAfter = headerOf(headers, "retry-after");
  const found =
    numberOf(headerOf(headers, "retry-after-ms"), 1) ??
    numberOf(retryAfter, 1000) ??
    untilDate(retryAfter, nowMs) ??
    retryDelayOf(body, 0);
  return found === undefined ? undefined : Math.min(MAX_WAIT_MS, Math.max(0, Math.round(found)));
}

function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function numberOf(text: string | undefined, factor: number): number | undefined {
  return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) * factor : undefined;
}

function untilDate(text: string | undefined, nowMs: number): number | undefined {
  const atMs = text === undefined || !/[a-z]/i.test(text) ? Number.NaN : Date.parse(text);
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
