import type { FailureRecord } from "../../../src/contract/failure.ts";
import type { Fault } from "../../../src/simulator/faults.ts";
import { ERROR_BODIES, type ErrorBody } from "../../support/providers/errorBodies.ts";
import type { Charge, HealthState } from "./expectations.ts";
import type { ModelFault } from "./faultyChain.ts";
import { body, eventsOf } from "./streamBodies.ts";
import type { Kind } from "./testChain.ts";

/** Milliseconds, or a range of them: an HTTP date has no milliseconds. */
export type Wait = number | readonly [from: number, to: number];

/** A row of the failure table: how a request fails before any text is shown, and what follows. */
export type FailureRow = {
  readonly name: string;
  readonly fault: (kind: Kind) => ModelFault;
  /** The same model is retried after each of these waits, while a model after it can answer. */
  readonly retryWaits: readonly Wait[];
  /** The waits of the last model of the chain, if they differ. */
  readonly lastRetryWaits?: readonly Wait[];
  /** Whether the chain's next model is asked. */
  readonly next: "asked" | "not asked";
  readonly model: HealthState;
  readonly provider: HealthState;
  /** The failure that the answer reports. */
  readonly failure: Partial<FailureRecord>;
  /** What a failed attempt costs. */
  readonly charge: Charge;
  /** The state of the last model of the chain, if it differs. */
  readonly lastModel?: HealthState;
  /** How long the model or the provider is paused. */
  readonly pausedMs?: number;
  /** The input limits of the models of the chain, in tokens. */
  readonly inputLimits?: readonly number[];
};

const HEALTHY = { model: "healthy", provider: "healthy" } as const;
const MODEL_FAILED = { model: "failed", provider: "healthy" } as const;
/** The longest backoff. The tests set the jitter to 1. */
const BACKOFF_MS = 500;

const fault = (fault: Fault) => (): ModelFault => ({ kind: "fault", fault });

const status = (status: number, headers: Readonly<Record<string, string>> = {}) =>
  fault({ kind: "status", status, headers });

/** The error body that each kind of provider sends. */
const bodies =
  (
    names: Readonly<Record<Kind, keyof typeof ERROR_BODIES>>,
    headers: Readonly<Record<string, string>> = {},
  ) =>
  (kind: Kind): ModelFault => {
    const { status, body }: ErrorBody = ERROR_BODIES[names[kind]];
    return {
      kind: "fault",
      fault: { kind: "status", status, body, headers: { "content-type": "application/json", ...headers } },
    };
  };

/** An error body that all kinds of provider send alike. */
const error = (status: number, error: Readonly<Record<string, unknown>>) =>
  fault({
    kind: "status",
    status,
    body: JSON.stringify({ error }),
    headers: { "content-type": "application/json" },
  });

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

const CONTEXT_LENGTH = {
  openai: "OpenAI, prompt too long",
  "azure-openai": "OpenAI, prompt too long",
  "openai-compatible": "Z.ai, prompt too long",
  anthropic: "Anthropic, prompt too long",
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

const overloaded = (code: number): FailureRow => ({
  name: `${code}`,
  fault: status(code),
  retryWaits: [BACKOFF_MS],
  next: "asked",
  ...MODEL_FAILED,
  failure: { kind: "overloaded", status: code },
  charge: "nothing",
});

/** An HTTP date, which has no milliseconds. */
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toUTCString();

/**
 * Every way to fail before the first text, and the policy for it. Failures after it are in `brokenStreams.test.ts`, flaws
 * that are no failures in `toleratedAnswers.test.ts`.
 */
export const FAILURES: readonly FailureRow[] = [
  { name: "429 with a Retry-After of 3 s", ...rateLimited({ "retry-after": "3" }, [3000]) },
  {
    name: "429 with a longer Retry-After, which is waited for if no other model can answer",
    ...rateLimited({ "retry-after": "7" }, [], [7000]),
  },
  {
    name: "429 with Retry-After as an HTTP date",
    // The date has passed when the last model is asked again, and counts as none then.
    ...rateLimited({}, [], [[25_000, 30_000], BACKOFF_MS, 2 * BACKOFF_MS]),
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
  ...[408, 500, 502, 503, 504, 529].map(overloaded),
  {
    name: "an overload in the provider's own format",
    fault: bodies({
      openai: "OpenAI, slow down, as a 503",
      "azure-openai": "a proxy, with an empty body",
      "openai-compatible": "Moonshot, overloaded, as a 429",
      anthropic: "Anthropic, overloaded",
    }),
    retryWaits: [BACKOFF_MS],
    next: "asked",
    ...MODEL_FAILED,
    failure: { kind: "overloaded" },
    charge: "nothing",
  },
  {
    name: "a connection that is reset before the headers",
    fault: fault({ kind: "resetBeforeHeaders" }),
    retryWaits: [BACKOFF_MS],
    next: "asked",
    ...MODEL_FAILED,
    failure: { kind: "overloaded" },
    charge: "nothing",
  },
  {
    name: "no connection within the limit",
    fault: () => ({ kind: "never-connects" }),
    retryWaits: [],
    next: "asked",
    ...MODEL_FAILED,
    failure: { kind: "timeout", phase: "connect" },
    charge: "nothing",
  },
  {
    name: "no headers within the limit",
    fault: fault({ kind: "delayHeaders", ms: 60_000 }),
    retryWaits: [],
    next: "asked",
    ...MODEL_FAILED,
    failure: { kind: "timeout", phase: "headers" },
    charge: "an estimate",
  },
  {
    name: "headers without a first token within the limit",
    fault: fault({ kind: "slowFirstToken", ms: 60_000 }),
    retryWaits: [],
    next: "asked",
    ...MODEL_FAILED,
    failure: { kind: "timeout", phase: "first-token" },
    charge: "an estimate",
  },
  {
    name: "a stream that is cut before its first token",
    fault: fault({ kind: "cut", afterTokens: 0, how: "reset" }),
    retryWaits: [],
    next: "asked",
    ...MODEL_FAILED,
    failure: { kind: "cut" },
    charge: "an estimate",
  },
  {
    name: "a stream that ends before its first token",
    fault: fault({ kind: "cut", afterTokens: 0, how: "clean" }),
    retryWaits: [],
    next: "asked",
    ...MODEL_FAILED,
    failure: { kind: "cut" },
    charge: "an estimate",
  },
  {
    name: "an error event before the first token",
    fault: fault({ kind: "errorEvent", afterTokens: 0 }),
    retryWaits: [],
    next: "asked",
    ...MODEL_FAILED,
    failure: { kind: "cut" },
    charge: "an estimate",
  },
  {
    name: "a finish without text and tool call",
    fault: fault({ kind: "empty" }),
    retryWaits: [],
    next: "asked",
    ...MODEL_FAILED,
    failure: { kind: "empty" },
    charge: "what it used",
  },
  {
    name: "JSON in place of a stream",
    fault: fault({ kind: "status", status: 200, body: { choices: [], content: [] } }),
    retryWaits: [],
    next: "asked",
    ...MODEL_FAILED,
    failure: { kind: "malformed", status: 200 },
    charge: "an estimate",
  },
  {
    name: "an event that holds text and cannot be read",
    fault: (kind) => {
      const { text, finish, done } = eventsOf(kind);
      return { kind: "fault", fault: body(`${text("One").slice(0, -6)}\n\n${finish}${done}`) };
    },
    retryWaits: [],
    next: "asked",
    ...MODEL_FAILED,
    failure: { kind: "malformed" },
    charge: "an estimate",
  },
  {
    name: "an HTML page",
    fault: fault({ kind: "status", status: 200, body: "<html>", headers: { "content-type": "text/html" } }),
    retryWaits: [],
    next: "asked",
    ...MODEL_FAILED,
    failure: { kind: "malformed", status: 200 },
    charge: "an estimate",
  },
  {
    name: "a redirect to another host",
    fault: status(307, { location: "http://127.0.0.1:9/openai/v1/chat/completions" }),
    retryWaits: [],
    next: "asked",
    ...MODEL_FAILED,
    failure: { kind: "malformed", status: 307 },
    charge: "an estimate",
  },
  {
    name: "a prompt that is too long, with a larger model next",
    fault: bodies(CONTEXT_LENGTH),
    inputLimits: [100_000, 200_000, 300_000],
    retryWaits: [],
    next: "asked",
    ...HEALTHY,
    failure: { kind: "context-length" },
    charge: "nothing",
  },
  {
    name: "a prompt that is too long, without a larger model",
    fault: bodies(CONTEXT_LENGTH),
    inputLimits: [200_000, 200_000, 200_000],
    retryWaits: [],
    next: "not asked",
    ...HEALTHY,
    failure: { kind: "context-length" },
    charge: "nothing",
  },
  {
    name: "a prompt and an output limit that are too long together",
    fault: error(400, {
      message: "input length and `max_tokens` exceed context limit: 190000 + 16384 > 200000",
    }),
    retryWaits: [0],
    next: "asked",
    ...HEALTHY,
    failure: { kind: "context-length" },
    charge: "nothing",
  },
  {
    name: "a prompt that is too long for a smaller window than the card's",
    fault: error(400, {
      message: "request (26528 tokens) exceeds the available context size (16384 tokens)",
    }),
    inputLimits: [200_000, 100_000, 50_000],
    retryWaits: [],
    next: "asked",
    ...HEALTHY,
    failure: { kind: "context-length" },
    charge: "nothing",
  },
  {
    name: "a prompt that is too long, with unknown limits",
    fault: bodies(CONTEXT_LENGTH),
    retryWaits: [],
    next: "asked",
    ...HEALTHY,
    failure: { kind: "context-length" },
    charge: "nothing",
  },
  {
    name: "413",
    fault: status(413),
    inputLimits: [100_000, 200_000, 300_000],
    retryWaits: [],
    next: "asked",
    ...HEALTHY,
    failure: { kind: "context-length", status: 413 },
    charge: "nothing",
  },
  {
    name: "refused content, as an error",
    fault: bodies({
      openai: "OpenAI, content policy",
      "azure-openai": "Azure, content filter",
      "openai-compatible": "OpenRouter, moderation, as a 403",
      anthropic: "Anthropic, content filter",
    }),
    retryWaits: [],
    next: "not asked",
    ...HEALTHY,
    failure: { kind: "refused" },
    // Azure bills the processing of a prompt that its filter refuses ("Manage costs", Microsoft Learn).
    charge: "an estimate",
  },
  {
    name: "refused content, as a finish reason",
    fault: fault({ kind: "refusal", message: "I cannot answer this." }),
    retryWaits: [],
    next: "not asked",
    ...HEALTHY,
    failure: { kind: "refused", message: "I cannot answer this." },
    charge: "what it used",
  },
  {
    name: "401",
    fault: bodies({
      openai: "OpenAI, wrong key",
      "azure-openai": "Azure, wrong key",
      "openai-compatible": "xAI, wrong key, as a 400 whose error is a string",
      anthropic: "Anthropic, wrong key",
    }),
    retryWaits: [],
    next: "asked",
    model: "healthy",
    provider: "auth",
    failure: { kind: "auth" },
    charge: "nothing",
  },
  {
    name: "403 for another reason",
    fault: bodies({
      openai: "OpenAI, country",
      "azure-openai": "Azure, no access",
      "openai-compatible": "OpenAI, country",
      anthropic: "Anthropic, permission",
    }),
    retryWaits: [],
    next: "asked",
    model: "forbidden",
    provider: "healthy",
    failure: { kind: "forbidden", status: 403 },
    charge: "nothing",
  },
  {
    name: "404",
    fault: bodies({
      openai: "OpenAI, no such model, as a 400",
      "azure-openai": "Azure, no such deployment",
      "openai-compatible": "Ollama, no such model",
      anthropic: "Anthropic, no such model",
    }),
    retryWaits: [],
    next: "asked",
    model: "not-found",
    provider: "healthy",
    failure: { kind: "not-found" },
    charge: "nothing",
  },
  {
    name: "404 about a capability",
    fault: error(404, { message: "No endpoints found that support image input", code: 404 }),
    retryWaits: [],
    next: "asked",
    ...HEALTHY,
    failure: { kind: "capability", capability: "vision" },
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
  {
    name: "connection refused",
    fault: () => ({ kind: "connection-refused" }),
    retryWaits: [],
    next: "asked",
    model: "healthy",
    provider: "failed",
    failure: { kind: "unreachable", code: "ECONNREFUSED" },
    charge: "nothing",
  },
  {
    name: "400 about a part that can be left out or translated",
    fault: (kind) =>
      error(400, {
        message:
          kind === "anthropic"
            ? "max_tokens: 16384 > 8192, which is the maximum allowed number of output tokens"
            : "Unrecognized request argument supplied: stream_options",
      })(),
    retryWaits: [0],
    next: "asked",
    ...HEALTHY,
    failure: { kind: "bad-request", status: 400 },
    charge: "nothing",
  },
  {
    name: "400",
    fault: bodies({
      openai: "OpenAI, an output limit that is too large",
      "azure-openai": "OpenAI, an output limit that is too large",
      "openai-compatible": "Mistral, a field it does not know",
      anthropic: "Anthropic, a wrong parameter",
    }),
    retryWaits: [],
    next: "asked",
    ...HEALTHY,
    failure: { kind: "bad-request" },
    charge: "nothing",
  },
];
