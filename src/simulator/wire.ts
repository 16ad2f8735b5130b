import type { IncomingHttpHeaders } from "node:http";
import type { SimulatedUsage } from "./usage.ts";

/** What either wire format asks for. */
export type SimulatedAsk = {
  readonly model: string;
  /** The last thing that the user said. */
  readonly messages: readonly unknown[];
  /** All that was sent, as one text: what tokens are counted of. */
  readonly context: string;
  readonly maxTokens?: number;
  readonly stream: boolean;
  readonly includeUsage: boolean;
};

/** An error before it is put in a wire's own shape. */
export type WireError = {
  readonly status: number;
  /** OpenAI's `code` too, where the wire has one. */
  readonly code: string;
  readonly message: string;
};

export type Finish =
  | { readonly kind: "stop" }
  | { readonly kind: "length" }
  | { readonly kind: "toolCalls" }
  | { readonly kind: "refusal"; readonly words: string };

export type ToldUsage = {
  readonly usage: SimulatedUsage;
  readonly override?: Readonly<Record<string, unknown>>;
};

/** One answer being streamed: every method gives the bytes to send. */
export type Voice = {
  opening(): string;
  text(piece: string): string;
  toolCall(name: string, argumentsJson: string): string;
  /** The finish reason and the usage. */
  closing(finish: Finish, told: ToldUsage): string;
  /** What comes behind the last event that says something. */
  ending(): string;
  /** An error event; without `error`, that the server is overloaded. */
  error(error?: Readonly<Record<string, unknown>>): string;
};

/** What differs between the two wire formats. */
export type Wire = {
  /** What is wrong with a request, or what it asks for. */
  read(body: Readonly<Record<string, unknown>>, headers: IncomingHttpHeaders): SimulatedAsk | WireError;
  errorBody(error: WireError, requestId: string): unknown;
  /** Rate limits and the request's id, in the vendor's own header names. */
  headers(requestId: string, remainingRequests: number, nowMs: number): Readonly<Record<string, string>>;
  voice(ask: SimulatedAsk, id: number, inputUsage: SimulatedUsage, nowMs: number): Voice;
  /** An answer in one piece. */
  whole(
    ask: SimulatedAsk,
    id: number,
    said: {
      readonly text: string;
      readonly toolCall?: { readonly name: string; readonly argumentsJson: string };
      readonly finish: Finish;
      readonly told: ToldUsage;
    },
    nowMs: number,
  ): unknown;
};

/** Requests that a minute has room for, as the headers tell it; nobody is held to it. */
export const REQUESTS_PER_MINUTE = 10_000;
export const TOKENS_PER_MINUTE = 2_000_000;

export function isWireError(read: SimulatedAsk | WireError): read is WireError {
  return "status" in read;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text of a message's content: a string, or parts of which those with a `text` count. */
export function textOfContent(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((part: unknown) => (isRecord(part) && typeof part["text"] === "string" ? part["text"] : ""))
    .join("");
}
