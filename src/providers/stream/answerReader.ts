import type { Failure } from "../../contract/failure.ts";
import type { Usage } from "../../contract/money.ts";
import type {
  FinishReason,
  ProviderEnd,
  ProviderEvent,
  WireFieldsEvent,
} from "../../contract/provider/provider.ts";
import type { StreamEvent } from "./events/eventStream.ts";
import type { ToolCallEvent } from "./toolCalls.ts";

/** Text or reasoning: emitted as it arrives, unlike tool calls. */
export type ContentEvent = Extract<ProviderEvent, { type: "text" | "reasoning" }>;

/** The meaning of a wire format's finish reason. */
export type Finish = FinishReason | "refused" | "cut";

/**
 * Whether a finish reason has arrived that nothing followed. Content after a reason withdraws it: some servers send one
 * with every event. `clear`: the reason came after content, in an event without any. `likely`: it came with content that
 * followed other content, or before any. `doubtful`: it came with the first content, or an earlier one was withdrawn.
 */
export type FinishState = "none" | "doubtful" | "likely" | "clear";

/** How an answer ended. */
export type FinishedAnswer = {
  readonly finish: Finish;
  /** The format's own word. */
  readonly reason: string | undefined;
  /** The provider announced the end without a reason. */
  readonly isUnexplained: boolean;
};

/** What an answer's end adds to its content. */
export type AnswerEnd = {
  /** Content that was held until it was clear what it is. */
  readonly content?: readonly ContentEvent[] | undefined;
  readonly toolCalls: readonly ToolCallEvent[];
  readonly wireFields?: WireFieldsEvent | undefined;
  readonly usage: Usage | undefined;
  readonly outcome: Omit<ProviderEnd, "skippedEvents"> | { readonly failure: Failure };
};

/** Reads the events of one answer in one wire format. */
export type AnswerReader = {
  /**
   * Reads an event and returns its content; undefined if its data is not one JSON object.
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
  readonly finish: FinishState;
  /** The model's name in the last event that has one. */
  readonly model: string | undefined;
  /** Content has followed that could not be read. */
  withdrawFinish(): void;
  /** The final usage has arrived, valid or not. */
  readonly hasUsage: boolean;
  /** The provider announced the end of the stream. */
  readonly isDone: boolean;
  /** Call once, when the stream is over. */
  end(): AnswerEnd;
};

/** Shared by all events without content. */
export const NO_CONTENT: readonly ContentEvent[] = [];

/** The finish reason of an answer as it arrives. */
export class FinishReasons {
  #reason: string | undefined;
  #state: FinishState = "none";
  #hasWithdrawn = false;

  get state(): FinishState {
    return this.#state;
  }

  /** Content arrived. */
  withdraw(): void {
    if (this.#state === "none") return;
    this.#state = "none";
    this.#hasWithdrawn = true;
  }

  /** A reason arrived. @param state what it is unless an earlier one was withdrawn */
  set(reason: string, state: Exclude<FinishState, "none">): void {
    this.#reason = reason;
    this.#state = this.#hasWithdrawn ? "doubtful" : state;
  }

  /**
   * How the answer ended. A reason that content followed counts only if the provider announced the end.
   * @param meanings of the format's reasons; any other counts as `stop`
   */
  end(meanings: Readonly<Record<string, Finish>>, isDone: boolean): FinishedAnswer {
    const reason = this.#state !== "none" || isDone ? this.#reason : undefined;
    if (reason !== undefined) return { finish: meanings[reason] ?? "stop", reason, isUnexplained: false };
    return { finish: isDone ? "stop" : "cut", reason, isUnexplained: isDone };
  }
}

/** The failure message for an answer without text and tool calls. */
export function emptyAnswerMessage(finish: Finish): string {
  return finish === "length"
    ? "the output limit was reached before any text"
    : "the answer ended with neither text nor tool call";
}
