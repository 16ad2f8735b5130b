import type { Failure } from "../contract/failure.ts";
import type { ProviderEvent } from "../contract/provider.ts";
import type { StreamEvent } from "./eventStream.ts";

/** Content as it comes; the rest is told at the end. */
export type ContentEvent = Extract<ProviderEvent, { type: "text" | "reasoning" }>;

/** How an answer ended: what is still to be told, then the failure if it is one. */
export type AnswerEnd = {
  readonly events: readonly ProviderEvent[];
  readonly failure?: Failure;
};

/** Reads one wire format's events: one reader for each answer. */
export type AnswerReader = {
  /**
   * Takes an event, and gives the content in it; undefined where the event cannot be read, and is skipped.
   * @throws Failure where the event is an error
   */
  take(event: StreamEvent): readonly ContentEvent[] | undefined;
  /** Content has begun: a text, a reasoning or a tool call, also one that is not told yet. */
  readonly hasBegun: boolean;
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
