import type { Usage } from "../money.ts";
import type { Ask } from "./ask.ts";
import type { Embeddings } from "./embedder.ts";

/** A rate limit as a provider's headers report it. */
export type RateLimit = {
  readonly of: "requests" | "tokens" | "inputTokens" | "outputTokens";
  readonly limit?: number | undefined;
  readonly remaining: number;
  /** When it is replenished, in milliseconds since 1970. */
  readonly resetAtMs?: number | undefined;
};

/** How a complete answer ended. `length`: the output limit of the request or of the model was reached. */
export type FinishReason = "stop" | "length" | "toolCalls";

/**
 * A piece of an answer. `raw` is the text of this piece as the provider sent it, in complete server-sent events, which can
 * be relayed unchanged. It is set if the request came in the provider's wire format and is streamed (see `Ask.wire`).
 */
export type ProviderEvent =
  | { readonly type: "text"; readonly text: string; readonly raw?: string | undefined }
  /** `signature`: the provider's proof of its own reasoning, to be sent back unchanged. */
  | {
      readonly type: "reasoning";
      readonly text: string;
      readonly signature?: string | undefined;
      readonly raw?: string | undefined;
    }
  /** A complete call: never emitted while its arguments are still arriving, and only if they are JSON. */
  | {
      readonly type: "toolCall";
      readonly id: string;
      readonly name: string;
      readonly argumentsJson: string;
      /** Fields of the provider's own that it expects back with the call, such as Google's `extra_content`. */
      readonly extra?: Readonly<Record<string, unknown>> | undefined;
    }
  | WireFieldsEvent;

/**
 * What only the wire format of the request has for an answer, beside its text. Pushed at its end if the request came in the
 * provider's wire format. If the answer is streamed, it has only what is not in a `raw`.
 */
export type WireFieldsEvent = {
  readonly type: "wireFields";
  /** Fields of the answer, such as `system_fingerprint`. */
  readonly answer: Readonly<Record<string, unknown>>;
  /** Fields of the choice, such as `logprobs`. */
  readonly choice: Readonly<Record<string, unknown>>;
  /** Fields of the message, such as `annotations`, and the model's own `refusal`. */
  readonly message: Readonly<Record<string, unknown>>;
};

/**
 * Receives what one call of a model produces, in order: `started` once, then pieces. Every method is synchronous and
 * cheap, and must not throw. Pieces that arrive before a failure are part of the answer.
 */
export type ProviderSink = {
  /** The response's headers arrived. */
  started(rateLimits: readonly RateLimit[], requestId: string | undefined): void;
  push(event: ProviderEvent): void;
  /** More characters of tool calls arrived that are not complete yet. The provider bills them even if they never are. */
  toolCallProgress(characters: number): void;
  /** The name of the model that answers, as the response has it. The last one applies. */
  model(name: string): void;
  /** The provider's count of tokens. The last one applies. */
  usage(usage: Usage): void;
  /**
   * Called after each network read and at the end of a call, so that a consumer can write the events of one read at once.
   * Returns a promise while the consumer has no room, else undefined. The promise never rejects.
   */
  drained(): Promise<void> | undefined;
};

/** The end of a complete answer. */
export type ProviderEnd = {
  readonly finish: FinishReason;
  /** The server announced the end of the answer without a finish reason. */
  readonly isUnexplained?: true | undefined;
  /** How many events could not be read, and held no piece of the answer. */
  readonly skippedEvents?: number | undefined;
};

/** A service that serves models, in one wire format. */
export type Provider = {
  readonly id: string;
  /**
   * Calls a model once: no retries, no fallback. Resolves when the answer is complete: nothing follows its finish
   * reason, or its server announced the end. No event is pushed after `signal` is aborted, and none after the promise settles.
   * @throws Failure and nothing else, also when `signal` is aborted (`cancelled`)
   */
  ask(ask: Ask, sink: ProviderSink, signal: AbortSignal): Promise<ProviderEnd>;
  /** Lists the server's models by their wire names. @throws Failure */
  listModels(signal: AbortSignal): Promise<readonly string[]>;
  /** Undefined if the wire format has no embeddings. @param model its name on the wire. @throws Failure */
  embed?(model: string, texts: readonly string[], signal: AbortSignal): Promise<Embeddings>;
};
