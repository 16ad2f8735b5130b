import type { Failure } from "../../contract/failure.ts";
import type { Usage } from "../../contract/money.ts";
import type { FinishReason, ProviderEvent } from "../../contract/provider.ts";
import type { StreamEvent } from "./eventStream.ts";
import type { ToolCallEvent } from "./toolCalls.ts";

/** Text or reasoning: emitted as it arrives, unlike tool calls. */
export type ContentEvent = Extract<ProviderEvent, { type: "text" | "reasoning" }>;

/** The meaning of a wire format's finish reason. */
export type Finish = FinishReason | "refused" | "cut";

/** What an answer's end adds to its content. */
export type AnswerEnd = {
  readonly toolCalls: readonly ToolCallEvent[];
  readonly usage: Usage | undefined;
  readonly outcome: { readonly finish: FinishReason } | { readonly failure: Failure };
};

/** Reads the events of one answer in one wire format. */
export type AnswerReader = {
  /**
   * Reads an event and returns its content; undefined if the event is malformed and should be skipped.
   * @throws Failure if the event is an error
   */
  read(event: StreamEvent): readonly ContentEvent[] | undefined;
  /**
   * Whether the wire text of the last event can be relayed. Not the text of tool calls, finish reasons and usage, which
   * are reported in other ways.
   */
  readonly isRelayable: boolean;
  /** Text, reasoning or a tool call has begun. */
  readonly hasBegun: boolean;
  /** Characters of tool call arguments so far, complete or not. */
  readonly toolCallCharacters: number;
  /** The finish reason has arrived. Only this makes an answer complete. */
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

/** The failure message for an answer without text and tool calls. */
export function emptyAnswerMessage(finish: Finish): string {
  return finish === "length"
    ? "the output limit was reached before any text"
    : "the answer ended with neither text nor tool call";
}
