import { isRecord } from "../../base/isRecord.ts";
import { spanMs, untilResetMs, waitInMessage } from "../http/namedTime.ts";
import { headerOf, rateLimitsOf } from "../http/responseHeaders.ts";
import type { ResponseHeaders } from "../http/transport/transport.ts";

/** A plan's limit is reset within a month. A longer wait is a mistake, for example a date in a wrong unit. */
const MAX_WAIT_MS = 32 * 86_400_000;

/** Resets of a limit that is used up: OpenRouter and others, draft-ietf-httpapi-ratelimit-headers, Anthropic's plans. */
const RESET_HEADERS = ["x-ratelimit-reset", "ratelimit-reset", "anthropic-ratelimit-unified-reset"] as const;

/**
 * The wait that an error response requests, in milliseconds: by `retry-after-ms`, else `retry-after` in seconds or as an
 * HTTP date (RFC 9110, 10.2.3), else the fields of its body, else its message, else the reset of a rate limit that its
 * headers report as used up. A value that cannot be read, is not in the future or is more than 32 days away does not
 * count. Undefined if there is none.
 */
export function retryAfterMs(
  headers: ResponseHeaders,
  body: unknown,
  message: string,
  nowMs: number,
): number | undefined {
  const retryAfter = headerOf(headers, "retry-after");
  return (
    valid(numberOf(headerOf(headers, "retry-after-ms"), 1)) ??
    valid(numberOf(retryAfter, 1000)) ??
    valid(untilDate(retryAfter, nowMs)) ??
    waitInFields(body, nowMs, 0) ??
    valid(waitInMessage(message, nowMs)) ??
    valid(untilReset(headers, nowMs))
  );
}

function valid(ms: number | undefined): number | undefined {
  return ms !== undefined && ms > 0 && ms <= MAX_WAIT_MS ? Math.ceil(ms) : undefined;
}

function numberOf(text: string | undefined, factor: number): number | undefined {
  return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) * factor : undefined;
}

function untilDate(text: string | undefined, nowMs: number): number | undefined {
  const atMs = text === undefined || !/[a-z]/i.test(text) ? Number.NaN : Date.parse(text);
  return Number.isNaN(atMs) ? undefined : atMs - nowMs;
}

const MAX_DEPTH = 5;

/**
 * The wait in the first field that names one: Google's `retryDelay` ("38s"), `retry_after`, `resets_at`, or a header that
 * OpenRouter repeats in the body.
 */
function waitInFields(value: unknown, nowMs: number, depth: number): number | undefined {
  if (depth > MAX_DEPTH || typeof value !== "object" || value === null) return undefined;
  for (const [name, field] of Object.entries(value)) {
    const found = valid(waitInField(name, field, nowMs)) ?? waitInFields(field, nowMs, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function waitInField(name: string, value: unknown, nowMs: number): number | undefined {
  switch (name.toLowerCase().replaceAll(/[_-]/g, "")) {
    case "retryafterms":
      return typeof value === "number" ? value : undefined;
    case "retrydelay":
    case "retryafter":
    case "retryafterseconds":
    case "resetsinseconds":
    case "resetinseconds":
      return isRecord(value) ? Number(value["seconds"]) * 1000 : spanMs(String(value));
    case "resetsat":
    case "resetat":
    case "xratelimitreset":
      return untilResetMs(value, nowMs);
    default:
      return undefined;
  }
}

/** Until the last of the limits that are used up is reset. */
function untilReset(headers: ResponseHeaders, nowMs: number): number | undefined {
  const exhausted = rateLimitsOf(headers, nowMs).flatMap(({ remaining, resetAtMs }) =>
    remaining <= 0 && resetAtMs !== undefined ? [resetAtMs - nowMs] : [],
  );
  const others = RESET_HEADERS.flatMap((name) => untilResetMs(headerOf(headers, name), nowMs) ?? []);
  return Math.max(0, ...(exhausted.length > 0 ? exhausted : others));
}
