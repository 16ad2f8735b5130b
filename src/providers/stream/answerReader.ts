import type { Failure } from "../../contract/failure.ts";
import type { Usage } from "../../contract/money.ts";
import type { FinishReason, ProviderEvent } from "../../contract/provider.ts";
import type { StreamEvent } from "./eventStream.ts";
import type { ToolCallEvent } from "./toolCalls.ts";

/** Text or reasoning: emitted as it arrives, unlike tool calls. */
export type ContentEvent = Extract<ProviderEvent, { type: "text" | "reasoning" }>;

/** What a wire format's finish reason means. */
export type Finish = FinishReason | "refused" | "cut";

/** What remains to be reported at the end of an answer. */
export type AnswerEnd = {
  readonly toolCalls: readonly ToolCallEvent[];
  readonly usage: Usage | undefined;
  readonly outcome: { readonly finish: FinishReason } | { readonly failure: Failure };
};

/** Reads the events of one answer in one wire format. */
export type AnswerReader = {
  /**
   * Reads an event and returns its content; undefined where the event cannot be read and should be skipped.
   * @throws Failure where the event is an error
   */
  read(event: StreamEvent): readonly ContentEvent[] | undefined;
  /**
   * The last event held nothing besides its content that a client may see now: its text can be relayed. False for tool
   * calls, finish reasons and usage, which are reported in other ways.
   */
  readonly isRelayable: boolean;
  /** Content has begun: text, reasoning or a tool call, whether emitted yet or not. */
  readonly hasBegun: boolean;
  /** Characters of tool call arguments so far, complete or not. */
  readonly toolCallCharacters: number;
  /** The finish reason has arrived. Nothing else makes an answer complete. */
  readonly hasFinished: boolean;
  /** The final usage has arrived, valid or not. */
  readonly hasUsage: boolean;
  /** The provider announced the end of the stream. */
  readonly isDone: boolean;
  /** Call once, when the stream is over. */
  end(): AnswerEnd;
};

/** Shared by all events without content. */
export const NO_CONTENT: readonly ContentEvent[] = [];

/** The message for an answer that ended with neither text nor tool call. */
export function emptyAnswerMessage(finish: Finish): string {
  return finish === "length"
    ? "the output limit was reached before any text"
    : "the answer ended with neither text nor tool call";
}
