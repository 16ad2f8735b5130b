import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** What a chat request asks for, in either wire format. */
export type ChatRequest = {
  readonly model: string;
  readonly messages: readonly unknown[];
  /** Everything that counts as input tokens, as one text. */
  readonly context: string;
  readonly maxTokens?: number | undefined;
  readonly stream: boolean;
  readonly includeUsage: boolean;
};

/** An error, independent of the wire format. */
export type WireError = {
  readonly status: number;
  /** OpenAI's `code`, or Anthropic's `type`. */
  readonly code: string;
  readonly message: string;
};

export type Finish =
  | { readonly kind: "stop" }
  | { readonly kind: "length" }
  | { readonly kind: "toolCalls" }
  | { readonly kind: "refusal"; readonly message: string };

export type TokenUsage = {
  /** All input tokens, including the cached ones. */
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
};

/** The usage to report; a fault can replace it by an object of the wire format. */
export type ReportedUsage = {
  readonly usage: TokenUsage;
  readonly override?: Readonly<Record<string, unknown>> | undefined;
};

export type ToolCall = { readonly name: string; readonly argumentsJson: string };

/** A whole answer. */
export type Completion = {
  readonly text: string;
  readonly toolCall?: ToolCall | undefined;
  readonly finish: Finish;
  readonly usage: ReportedUsage;
};

/** The events of one streamed answer; each method returns the text to send. */
export type EventFormatter = {
  start(): string;
  text(piece: string): string;
  toolCall(call: ToolCall): string;
  /** The finish reason and the usage. */
  finish(finish: Finish, usage: ReportedUsage): string;
  /** The last event, which has no content: `[DONE]` or `message_stop`. */
  end(): string;
  /** An error event. Without `error`, it reports that the server is overloaded. */
  error(error?: Readonly<Record<string, unknown>>): string;
};

/** What differs between OpenAI's chat completions and Anthropic's messages. */
export type WireFormat = {
  readonly name: "openai" | "anthropic";
  /** Reads the body of a chat request, or returns what is wrong with it. */
  readRequest(body: Readonly<Record<string, unknown>>, headers: IncomingHttpHeaders): ChatRequest | WireError;
  errorBody(error: WireError, requestId: string): unknown;
  /** The error that the provider documents for a status. */
  errorOfStatus(status: number): WireError;
  /** Rate limits and the request's id, in the provider's header names. */
  headers(requestId: string, remainingRequests: number, nowMs: number): Readonly<Record<string, string>>;
  events(request: ChatRequest, id: number, inputUsage: TokenUsage, nowMs: number): EventFormatter;
  /** The body of an answer that is not streamed. */
  completion(request: ChatRequest, id: number, completion: Completion, nowMs: number): unknown;
  /** The body of a list of models. */
  models(names: readonly string[]): unknown;
};

/** The limits that the headers report. They are not enforced. */
export const REQUESTS_PER_MINUTE = 10_000;
export const TOKENS_PER_MINUTE = 2_000_000;

/** What a request's texts are counted from: its JSON without the data of images. */
export function countedJson(value: unknown): string {
  return JSON.stringify(value, (key, each) =>
    (key === "url" && typeof each === "string" && each.startsWith("data:")) || key === "data" ? "" : each,
  );
}

/** The text of a message's content: a string, or the `text` of its parts. */
export function textOfContent(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part: unknown) => (isTextPart(part) ? part.text : "")).join("");
}

function isTextPart(part: unknown): part is { readonly text: string } {
  return typeof part === "object" && part !== null && "text" in part && typeof part.text === "string";
}

const CHARACTERS_PER_TOKEN = 4;

/** The number of tokens in a text: a quarter of its characters, rounded up. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** The shortest cached prefix, and the steps in which it grows, in tokens: OpenAI's figures. */
const MIN_CACHED_TOKENS = 1024;
const CACHE_STEP_TOKENS = 128;
const MAX_CACHED_PREFIXES = 10_000;

/** Remembers prefixes of prompts, as a provider's prompt cache does. */
export class PromptCache {
  readonly #prefixes = new Set<string>();

  /** The number of tokens at the start of the prompt that the model has seen before. Adds the prompt to the cache. */
  lookUp(model: string, prompt: string): number {
    const hash = createHash("sha256").update(`${model}\n`);
    let cachedTokens = 0;
    let from = 0;
    let tokens = MIN_CACHED_TOKENS;
    while (tokens * CHARACTERS_PER_TOKEN <= prompt.length) {
      const to = tokens * CHARACTERS_PER_TOKEN;
      hash.update(prompt.slice(from, to));
      from = to;
      const key = hash.copy().digest("base64");
      if (this.#prefixes.has(key)) cachedTokens = tokens;
      else this.#add(key);
      tokens += CACHE_STEP_TOKENS;
    }
    return cachedTokens;
  }

  #add(key: string): void {
    const [oldest] = this.#prefixes;
    if (oldest !== undefined && this.#prefixes.size >= MAX_CACHED_PREFIXES) this.#prefixes.delete(oldest);
    this.#prefixes.add(key);
  }
}
