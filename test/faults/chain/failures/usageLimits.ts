import {
  BACKOFF_MS,
  bodies,
  error,
  type FailureRow,
  HEALTHY,
  MODEL_FAILED,
  type Wait,
} from "./failureRow.ts";

const QUOTA = {
  retryWaits: [],
  next: "asked",
  model: "healthy",
  provider: "quota",
  failure: { kind: "quota" },
  charge: "nothing",
} as const;

const RATE_LIMIT = {
  openai: "OpenAI, rate limit",
  "azure-openai": "Azure, rate limit",
  "openai-compatible": "Google, rate limit that speaks of quota",
  anthropic: "Anthropic, rate limit",
} as const;

const rateLimited = (
  headers: Readonly<Record<string, string>>,
  waits: readonly Wait[],
  lastWaits: readonly Wait[] = waits,
) =>
  ({
    fault: bodies(RATE_LIMIT, headers),
    retryWaits: waits,
    lastRetryWaits: lastWaits,
    next: "asked",
    model: "rate-limit",
    provider: "healthy",
    failure: { kind: "rate-limited", status: 429 },
    charge: "nothing",
  }) as const;

/** An HTTP date, which has no milliseconds. */
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toUTCString();

/** Rate limits, used-up quotas, and requests that alone exceed a limit. */
export const USAGE_LIMITS: readonly FailureRow[] = [
  { name: "429 with a Retry-After of 3 s", ...rateLimited({ "retry-after": "3" }, [3000]) },
  {
    name: "429 with a longer Retry-After, which is waited for if no other model can answer",
    ...rateLimited({ "retry-after": "7" }, [], [7000]),
  },
  {
    name: "429 with Retry-After as an HTTP date",
    // The date has passed when the last model is asked again, and counts as none then.
    ...rateLimited({}, [], [[29_000, 30_000], BACKOFF_MS, 2 * BACKOFF_MS]),
    fault: (kind) => bodies(RATE_LIMIT, { "retry-after": inSeconds(30) })(kind),
    lastModel: "failed",
  },
  {
    name: "429 with an HTTP date beyond the total limit",
    ...rateLimited({}, []),
    fault: (kind) => bodies(RATE_LIMIT, { "retry-after": inSeconds(400) })(kind),
  },
  {
    name: "429 with retry-after-ms",
    ...rateLimited({ "retry-after-ms": "60250", "retry-after": "1" }, [], [60_250]),
  },
  {
    name: "429 that names the wait in its message",
    ...rateLimited({}, [], [20_000]),
    fault: error(429, {
      message: "Rate limit reached. Please try again in 20s.",
      code: "rate_limit_exceeded",
    }),
  },
  {
    name: "429 with the reset of a used-up limit",
    ...rateLimited({ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1m0s" }, [], [60_000]),
  },
  { name: "429 with a Retry-After beyond the total limit", ...rateLimited({ "retry-after": "400" }, []) },
  ...[
    ["without Retry-After", undefined],
    ["with a date that cannot be read", "Someday, 32 Foo 2026 25:61:00 GMT"],
    ["with a date in the past", "Sat, 01 Jan 2000 00:00:00 GMT"],
    ["with a negative Retry-After", "-5"],
    ["with a Retry-After of zero", "0"],
    ["with a Retry-After of centuries", "99999999999"],
  ].map(
    ([name, retryAfter]): FailureRow => ({
      name: `429 ${name}`,
      ...rateLimited(retryAfter === undefined ? {} : { "retry-after": retryAfter }, [
        BACKOFF_MS,
        2 * BACKOFF_MS,
      ]),
      ...MODEL_FAILED,
    }),
  ),
  {
    name: "429 with a weekly limit that names its end",
    fault: error(429, { message: "You have reached your weekly usage limit. Try again in 3 days." }),
    ...QUOTA,
    failure: { kind: "quota", retryAfterMs: 259_200_000 },
    pausedMs: 259_200_000,
  },
  {
    name: "429 with a daily limit of the model",
    fault: error(429, {
      message: "Rate limit reached for model `m` on tokens per day (TPD). Please try again in 27m21.6s.",
      code: "rate_limit_exceeded",
    }),
    ...QUOTA,
    model: "quota",
    provider: "healthy",
    failure: { kind: "quota", retryAfterMs: 1_641_600, scope: "model" },
    pausedMs: 1_641_600,
  },
  {
    name: "429 with a plan's limit that names no end",
    fault: error(429, { message: "The monthly limit of your plan is reached." }),
    ...QUOTA,
    pausedMs: 900_000,
  },
  {
    name: "a request that alone exceeds the tokens per minute, with an output limit that fits",
    fault: error(413, {
      message: "Request too large on tokens per minute (TPM): Limit 8000, Requested 20979.",
      code: "rate_limit_exceeded",
    }),
    retryWaits: [0],
    next: "asked",
    ...HEALTHY,
    failure: { kind: "too-large", status: 413 },
    charge: "nothing",
  },
  {
    name: "a request that alone exceeds the tokens per minute, with a prompt that is too long",
    fault: error(429, {
      message: "Request too large on tokens per min (TPM): Limit 8000, Requested 50000.",
      code: "rate_limit_exceeded",
    }),
    retryWaits: [],
    next: "asked",
    ...HEALTHY,
    failure: { kind: "too-large", status: 429 },
    charge: "nothing",
  },
  {
    name: "insufficient quota",
    fault: bodies({
      openai: "OpenAI, out of credit, as a 429",
      "azure-openai": "OpenAI, out of credit, as a 429",
      "openai-compatible": "OpenRouter, out of credit",
      anthropic: "Anthropic, out of credit, as a 400",
    }),
    retryWaits: [],
    next: "asked",
    model: "healthy",
    provider: "quota",
    failure: { kind: "quota" },
    charge: "nothing",
  },
];
