import type { Ask } from "./ask.ts";
import type { Embeddings } from "./embedder.ts";
import type { Usage } from "./money.ts";

/** A rate limit as a provider's headers tell it. */
export type RateLimit = {
  readonly of: "requests" | "tokens" | "inputTokens" | "outputTokens";
  readonly limit?: number;
  readonly remaining: number;
  /** When it is full again, in milliseconds since 1970. */
  readonly resetAtMs?: number;
};

/** Only these make an answer complete. `length`: an output limit, ours or the model's, was reached. */
export type FinishReason = "stop" | "length" | "toolCalls";

/**
 * What a provider says, in order: `headers` once, then content, then `usage` (the last one holds), then `end`.
 * Without `end` an answer is not complete. `raw` is the wire's own event, for relaying it unchanged.
 */
export type ProviderEvent = { readonly raw?: string } & (
  | { readonly type: "headers"; readonly rateLimits: readonly RateLimit[]; readonly requestId?: string }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string; readonly signature?: string }
  /** A whole call: never sent while its arguments are still coming. */
  | { readonly type: "toolCall"; readonly id: string; readonly name: string; readonly argumentsJson: string }
  /** So many characters more of tool calls that are not whole yet: they are paid for, also where the calls never are. */
  | { readonly type: "unseen"; readonly characters: number }
  | { readonly type: "usage"; readonly usage: Usage }
  | { readonly type: "end"; readonly reason: FinishReason }
);

/** A service that answers. */
export type Provider = {
  readonly id: string;
  /**
   * Asks a model once: no retries, no fallback.
   * @throws Failure and nothing else, also when `signal` is aborted (`cancelled`).
   */
  ask(ask: Ask, signal: AbortSignal): AsyncIterable<ProviderEvent>;
  /** The models that the server says it has, by their wire names. @throws Failure */
  listModels(signal: AbortSignal): Promise<readonly string[]>;
  /** Left out where the wire format has no embeddings. `model`: its name on the wire. @throws Failure */
  embed?(model: string, texts: readonly string[], signal: AbortSignal): Promise<Embeddings>;
};
