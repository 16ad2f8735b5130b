import type { RateLimit } from "../../contract/provider/provider.ts";
import { spanMs } from "./namedTime.ts";
import type { ResponseHeaders } from "./transport/transport.ts";

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
    const resetMs = spanMs(value(`x-ratelimit-reset-${name}`) ?? "");
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

function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
