import type { RateLimit } from "../contract/provider.ts";
import type { AnswerHeaders } from "./answer.ts";

const OPENAI_NAMES = [
  ["requests", "requests"],
  ["tokens", "tokens"],
] as const;
const ANTHROPIC_NAMES = [
  ["requests", "requests"],
  ["tokens", "tokens"],
  ["inputTokens", "input-tokens"],
  ["outputTokens", "output-tokens"],
] as const;

/**
 * The rate limits in an answer's headers: `x-ratelimit-*` (OpenAI, Azure, Groq, …: resets in "6m0s") and
 * `anthropic-ratelimit-*` (resets as RFC 3339 dates). What makes no sense is left out.
 */
export function rateLimitsOf(headers: AnswerHeaders, nowMs: number): readonly RateLimit[] {
  const openai = OPENAI_NAMES.map(([of, name]) => {
    const reset = durationMs(headers.get(`x-ratelimit-reset-${name}`));
    return rateLimit(
      of,
      headers.get(`x-ratelimit-limit-${name}`),
      headers.get(`x-ratelimit-remaining-${name}`),
      reset === undefined ? undefined : nowMs + reset,
    );
  });
  const anthropic = ANTHROPIC_NAMES.map(([of, name]) => {
    const resetAtMs = Date.parse(headers.get(`anthropic-ratelimit-${name}-reset`) ?? "");
    return rateLimit(
      of,
      headers.get(`anthropic-ratelimit-${name}-limit`),
      headers.get(`anthropic-ratelimit-${name}-remaining`),
      Number.isNaN(resetAtMs) ? undefined : resetAtMs,
    );
  });
  return [...openai, ...anthropic].filter((limit) => limit !== undefined);
}

/** Milliseconds of a duration as Go prints it ("120ms", "1s", "6m0s", "1h2m3.5s"), or of bare seconds. */
export function durationMs(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const parts = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/.exec(
    text.trim(),
  );
  if (parts === null || parts[0] === "") return undefined;
  const [, days = "0", hours = "0", minutes = "0", seconds = "0", milliseconds = "0"] = parts;
  const inSeconds = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return Math.round(inSeconds * 1000 + Number(milliseconds));
}

function rateLimit(
  of: RateLimit["of"],
  limit: string | null,
  remaining: string | null,
  resetAtMs: number | undefined,
): RateLimit | undefined {
  const left = countOf(remaining);
  if (left === undefined) return undefined;
  const all = countOf(limit);
  return {
    of,
    remaining: left,
    ...(all === undefined ? {} : { limit: all }),
    ...(resetAtMs === undefined ? {} : { resetAtMs }),
  };
}

function countOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
