import type { Failure } from "../contract/failure.ts";
import type { Usage } from "../contract/money.ts";
import type { FinishReason, ProviderEvent } from "../contract/provider.ts";
import type { StreamEvent } from "./eventStream.ts";
import type { ToolCallEvent } from "./toolCalls.ts";

/** Content as it comes; the rest is told at the end. */
export type ContentEvent = Extract<ProviderEvent, { type: "text" | "reasoning" }>;

/** How an answer ended: what is still to be told, then the failure if it is one. */
export type AnswerEnd = {
  readonly events: readonly ProviderEvent[];
  readonly failure?: Failure;
};

/** What a wire's finish reason comes to. */
export type Finish = FinishReason | "refused" | "cut";

/** Reads one wire format's events: one reader for each answer. */
export type AnswerReader = {
  /**
   * Takes an event, and gives the content in it; undefined where the event cannot be read, and is skipped.
   * @throws Failure where the event is an error
   */
  take(event: StreamEvent): readonly ContentEvent[] | undefined;
  /** Content has begun: a text, a reasoning or a tool call, also one that is not told yet. */
  readonly hasBegun: boolean;
  /** Characters of tool calls that have come: they are told at the end, and where it never comes they are paid for. */
  readonly callCharacters: number;
  /** A finish reason was seen. Nothing else makes an answer complete. */
  readonly hasFinished: boolean;
  /** The usage was told, right or wrong, and nothing will change it. */
  readonly hasUsage: boolean;
  /** The stream said that nothing follows. */
  readonly isDone: boolean;
  /** Once, when the stream is over. */
  end(): AnswerEnd;
};

/** Shared by all events without content. */
export const NO_CONTENT: readonly ContentEvent[] = [];

/** What is told at the end of an answer. Tool calls of one that was refused or cut are not. */
export function answerEnd(
  finish: Finish,
  calls: readonly ToolCallEvent[],
  usage: Usage | undefined,
  failure: Failure | undefined,
): AnswerEnd {
  const told: readonly ProviderEvent[] = usage === undefined ? [] : [{ type: "usage", usage }];
  if (finish === "refused" || finish === "cut") {
    return failure === undefined ? { events: told } : { events: told, failure };
  }
  const events = [...calls, ...told];
  return failure === undefined
    ? { events: [...events, { type: "end", reason: finish }] }
    : { events, failure };
}

/** Of an answer that ended with neither text nor tool call: why. */
export function emptyWords(finish: Finish): string {
  return finish === "length"
    ? "the output limit was reached before any text"
    : "the answer ended with neither text nor tool call";
}
