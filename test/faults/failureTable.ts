import type { FailureRecord } from "../../src/contract/failure.ts";
import type { Fault } from "../../src/simulator/faults.ts";
import { ERROR_BODIES, type ErrorBody } from "../support/errorBodies.ts";
import type { Kind } from "./chainScene.ts";
import type { Charge, Mark } from "./expectations.ts";
import type { Strike } from "./struckChain.ts";

/** Milliseconds; two of them where an HTTP date rounds them. */
export type Wait = number | readonly [from: number, to: number];

/** A row of the failure table: something goes wrong before a word of the answer was shown. */
export type FailureRow = {
  readonly fault: string;
  readonly strike: (kind: Kind) => Strike;
  /** The same model is asked again after each of these waits. */
  readonly again: readonly Wait[];
  /** Whether the chain's next model is asked. */
  readonly next: "asked" | "not asked";
  readonly model: Mark;
  readonly provider: Mark;
  /** What the user is told. */
  readonly told: Partial<FailureRecord>;
  /** What a try that failed costs. */
  readonly costs: Charge;
  /** Of all models of the chain. */
  readonly windows?: readonly number[];
};

const WELL = { model: "well", provider: "well" } as const;
const MODEL_COUNTS = { model: "counted", provider: "well" } as const;
/** Backoff at its longest: the suite's jitter is always 1. */
const BACKOFF_MS = 500;

const fault = (fault: Fault) => (): Strike => ({ kind: "fault", fault });

const status = (status: number, headers: Readonly<Record<string, string>> = {}) =>
  fault({ kind: "status", status, headers });

/** Each kind's own body for an error. */
const bodies =
  (
    names: Readonly<Record<Kind, keyof typeof ERROR_BODIES>>,
    headers: Readonly<Record<string, string>> = {},
  ) =>
  (kind: Kind): Strike => {
    const { status, body }: ErrorBody = ERROR_BODIES[names[kind]];
    return {
      kind: "fault",
      fault: { kind: "status", status, body, headers: { "content-type": "application/json", ...headers } },
    };
  };

const RATE_LIMIT = {
  openai: "OpenAI, rate limit",
  "azure-openai": "Azure, rate limit",
  "openai-compatible": "Google, rate limit that speaks of quota",
  anthropic: "Anthropic, rate limit",
} as const;

const CONTEXT_LENGTH = {
  openai: "OpenAI, prompt too long",
  "azure-openai": "OpenAI, prompt too long",
  "openai-compatible": "vLLM, prompt too long",
  anthropic: "Anthropic, prompt too long",
} as const;

const rateLimited = (headers: Readonly<Record<string, string>>, waits: readonly Wait[]) =>
  ({
    strike: bodies(RATE_LIMIT, headers),
    again: waits,
    next: "asked",
    model: "rate-limit",
    provider: "well",
    told: { kind: "rate-limited", status: 429 },
    costs: "nothing",
  }) as const;

const overloaded = (code: number): FailureRow => ({
  fault: `${code}`,
  strike: status(code),
  again: [BACKOFF_MS],
  next: "asked",
  ...MODEL_COUNTS,
  told: { kind: "overloaded", status: code },
  costs: "nothing",
});

/** An HTTP date, which has no milliseconds. */
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toUTCString();

/** product.md, "Dispatching", row by row. */
export const FAILURES: readonly FailureRow[] = [
  { fault: "429 with Retry-After in seconds", ...rateLimited({ "retry-after": "7" }, [7000]) },
  {
    fault: "429 with Retry-After as an HTTP date",
    ...rateLimited({}, [[25_000, 30_000]]),
    strike: (kind) => bodies(RATE_LIMIT, { "retry-after": inSeconds(30) })(kind),
    // The date has passed when the model is asked again.
    model: "well",
  },
  {
    fault: "429 with an HTTP date that does not fit",
    ...rateLimited({}, []),
    strike: (kind) => bodies(RATE_LIMIT, { "retry-after": inSeconds(400) })(kind),
  },
  {
    fault: "429 with retry-after-ms",
    ...rateLimited({ "retry-after-ms": "60250", "retry-after": "1" }, [60_250]),
  },
  { fault: "429 with a Retry-After that does not fit", ...rateLimited({ "retry-after": "400" }, []) },
  {
    fault: "429 without",
    ...rateLimited({}, [BACKOFF_MS, 2 * BACKOFF_MS]),
    ...MODEL_COUNTS,
  },
  ...[408, 500, 502, 503, 504, 529].map(overloaded),
  {
    fault: "overload in the provider's own words",
    strike: bodies({
      openai: "OpenAI, slow down, as a 503",
      "azure-openai": "a proxy, without a word",
      "openai-compatible": "Moonshot, overloaded, as a 429",
      anthropic: "Anthropic, overloaded",
    }),
    again: [BACKOFF_MS],
    next: "asked",
    ...MODEL_COUNTS,
    told: { kind: "overloaded" },
    costs: "nothing",
  },
  {
    fault: "connection reset before headers",
    strike: fault({ kind: "resetBeforeHeaders" }),
    again: [BACKOFF_MS],
    next: "asked",
    ...MODEL_COUNTS,
    told: { kind: "overloaded" },
    costs: "nothing",
  },
  {
    fault: "no connection in time",
    strike: () => ({ kind: "never-connects" }),
    again: [],
    next: "asked",
    ...MODEL_COUNTS,
    told: { kind: "timeout", phase: "connect" },
    costs: "nothing",
  },
  {
    fault: "not a byte",
    strike: fault({ kind: "delayHeaders", ms: 60_000 }),
    again: [],
    next: "asked",
    ...MODEL_COUNTS,
    told: { kind: "timeout", phase: "headers" },
    costs: "an estimate",
  },
  {
    fault: "headers at once, and no first token",
    strike: fault({ kind: "slowFirstToken", ms: 60_000 }),
    again: [],
    next: "asked",
    ...MODEL_COUNTS,
    told: { kind: "timeout", phase: "first-token" },
    costs: "an estimate",
  },
  {
    fault: "a stream that is cut before its first token",
    strike: fault({ kind: "cut", afterTokens: 0, how: "reset" }),
    again: [],
    next: "asked",
    ...MODEL_COUNTS,
    told: { kind: "cut" },
    costs: "an estimate",
  },
  {
    fault: "a stream that ends before its first token",
    strike: fault({ kind: "cut", afterTokens: 0, how: "clean" }),
    again: [],
    next: "asked",
    ...MODEL_COUNTS,
    told: { kind: "cut" },
    costs: "an estimate",
  },
  {
    fault: "an error event before the first token",
    strike: fault({ kind: "errorEvent", afterTokens: 0 }),
    again: [],
    next: "asked",
    ...MODEL_COUNTS,
    told: { kind: "cut" },
    costs: "an estimate",
  },
  {
    fault: "a finish with neither text nor tool call",
    strike: fault({ kind: "empty" }),
    again: [],
    next: "asked",
    ...MODEL_COUNTS,
    told: { kind: "empty" },
    costs: "what it used",
  },
  {
    fault: "an answer in one piece, though a stream was asked for",
    strike: fault({ kind: "status", status: 200, body: { choices: [], content: [] } }),
    again: [],
    next: "asked",
    ...MODEL_COUNTS,
    told: { kind: "malformed", status: 200 },
    costs: "an estimate",
  },
  {
    fault: "a page for a browser",
    strike: fault({ kind: "status", status: 200, body: "<html>", headers: { "content-type": "text/html" } }),
    again: [],
    next: "asked",
    ...MODEL_COUNTS,
    told: { kind: "malformed", status: 200 },
    costs: "an estimate",
  },
  {
    fault: "a redirect to another host",
    strike: status(307, { location: "http://127.0.0.1:9/openai/v1/chat/completions" }),
    again: [],
    next: "asked",
    ...MODEL_COUNTS,
    told: { kind: "malformed", status: 307 },
    costs: "an estimate",
  },
  {
    fault: "context length exceeded, a larger window behind it",
    strike: bodies(CONTEXT_LENGTH),
    windows: [100_000, 200_000, 300_000],
    again: [],
    next: "asked",
    ...WELL,
    told: { kind: "context-length" },
    costs: "nothing",
  },
  {
    fault: "context length exceeded, no larger window behind it",
    strike: bodies(CONTEXT_LENGTH),
    windows: [200_000, 200_000, 200_000],
    again: [],
    next: "not asked",
    ...WELL,
    told: { kind: "context-length" },
    costs: "nothing",
  },
  {
    fault: "context length exceeded, windows not known",
    strike: bodies(CONTEXT_LENGTH),
    again: [],
    next: "asked",
    ...WELL,
    told: { kind: "context-length" },
    costs: "nothing",
  },
  {
    fault: "413",
    strike: status(413),
    windows: [100_000, 200_000, 300_000],
    again: [],
    next: "asked",
    ...WELL,
    told: { kind: "context-length", status: 413 },
    costs: "nothing",
  },
  {
    fault: "content refused, by its error",
    strike: bodies({
      openai: "OpenAI, content policy",
      "azure-openai": "Azure, content filter",
      "openai-compatible": "OpenRouter, moderation, as a 403",
      anthropic: "Anthropic, content filter",
    }),
    again: [],
    next: "not asked",
    ...WELL,
    told: { kind: "refused" },
    // Azure bills the processing of a prompt that its filter refuses ("Manage costs", Microsoft Learn).
    costs: "an estimate",
  },
  {
    fault: "content refused, by its finish reason",
    strike: fault({ kind: "refusal", message: "This cannot be told." }),
    again: [],
    next: "not asked",
    ...WELL,
    told: { kind: "refused", message: "This cannot be told." },
    costs: "what it used",
  },
  {
    fault: "401",
    strike: bodies({
      openai: "OpenAI, wrong key",
      "azure-openai": "Azure, wrong key",
      "openai-compatible": "xAI, wrong key, as a 400 whose error is a string",
      anthropic: "Anthropic, wrong key",
    }),
    again: [],
    next: "asked",
    model: "well",
    provider: "auth",
    told: { kind: "auth" },
    costs: "nothing",
  },
  {
    fault: "403 otherwise",
    strike: bodies({
      openai: "OpenAI, country",
      "azure-openai": "Azure, no access",
      "openai-compatible": "OpenAI, country",
      anthropic: "Anthropic, permission",
    }),
    again: [],
    next: "asked",
    model: "forbidden",
    provider: "well",
    told: { kind: "forbidden", status: 403 },
    costs: "nothing",
  },
  {
    fault: "404",
    strike: bodies({
      openai: "OpenAI, no such model, as a 400",
      "azure-openai": "Azure, no such deployment",
      "openai-compatible": "Ollama, no such model",
      anthropic: "Anthropic, no such model",
    }),
    again: [],
    next: "asked",
    model: "not-found",
    provider: "well",
    told: { kind: "not-found" },
    costs: "nothing",
  },
  {
    fault: "insufficient quota",
    strike: bodies({
      openai: "OpenAI, out of credit, as a 429",
      "azure-openai": "OpenAI, out of credit, as a 429",
      "openai-compatible": "OpenRouter, out of credit",
      anthropic: "Anthropic, out of credit, as a 400",
    }),
    again: [],
    next: "asked",
    model: "well",
    provider: "quota",
    told: { kind: "quota" },
    costs: "nothing",
  },
  {
    fault: "connection refused",
    strike: () => ({ kind: "nobody-listens" }),
    again: [],
    next: "asked",
    model: "well",
    provider: "counted",
    told: { kind: "unreachable", code: "ECONNREFUSED" },
    costs: "nothing",
  },
  {
    fault: "400",
    strike: bodies({
      openai: "OpenAI, too large an output limit is our mistake, not a long prompt",
      "azure-openai": "OpenAI, too large an output limit is our mistake, not a long prompt",
      "openai-compatible": "Mistral, a field it does not know",
      anthropic: "Anthropic, a wrong parameter",
    }),
    again: [],
    next: "not asked",
    ...WELL,
    told: { kind: "bad-request" },
    costs: "nothing",
  },
];
