import type { AnswerSummary } from "./answer.ts";
import type { ContextItem } from "./context.ts";
import type { Decision } from "./decision.ts";
import type { FailureRecord } from "./failure.ts";
import type { ModelRef } from "./model.ts";
import type { EffortLevel } from "./provider/ask.ts";

/** What the user sent. */
export type Prompt = {
  readonly text: string;
  /** Without the slash. */
  readonly command?: string | undefined;
  /** What the command asks for, sent before the text. Undefined for a command without a prompt of its own. */
  readonly instructions?: string | undefined;
  readonly context: readonly ContextItem[];
  readonly explicitModel?: ModelRef | undefined;
};

/** A model that failed and the one that was called instead, as a note in the answer. */
export type FallbackNote = {
  readonly from: ModelRef;
  readonly to: ModelRef;
  readonly failure: FailureRecord;
};

/** Where the stream of an answer broke, and another model continued it. */
export type HandoffPoint = {
  /** How many characters of the answer's text come before it. */
  readonly at: number;
  readonly from: ModelRef;
  readonly to: ModelRef;
};

export type Thumb = "up" | "down";

export type Answer = {
  readonly text: string;
  readonly decision?: Decision | undefined;
  readonly decidedInMs?: number | undefined;
  readonly fallbacks: readonly FallbackNote[];
  /** In order of their places; undefined if the stream did not break. */
  readonly handoffs?: readonly HandoffPoint[] | undefined;
  /** Undefined while the answer is being written, and if the editor closed before it ended. */
  readonly summary?: AnswerSummary | undefined;
  readonly thumb?: Thumb | undefined;
};

/** A prompt and its answer. */
export type Turn = {
  readonly id: string;
  readonly atMs: number;
  readonly prompt: Prompt;
  readonly answer: Answer;
  /** The value of the conversation's `leftOut` when the prompt was sent. */
  readonly leftOut?: number | undefined;
};

/**
 * Where a turn stands in its conversation. The turns of a conversation are a tree: a prompt that is sent again, or edited
 * and sent, gets a turn beside the one that it replaces, and the turns after that one stay with it.
 */
export type TurnPlace = {
  readonly id: string;
  /** The turn before it; null: it begins the conversation. */
  readonly parent: string | null;
  /** The first turn with the same prompt in this place; null: itself. */
  readonly variantOf: string | null;
  /** Of several turns in one place, the one with the highest number is shown: it was sent or shown last. */
  readonly chosen: number;
};

/** What the user chose for a conversation. */
export type ModelChoice = {
  /** Answers every prompt of the conversation: no route and no fallback replaces it. Undefined: the routes decide. */
  readonly model?: ModelRef | undefined;
  /** How much models that can reason do so. Undefined: the route's effort, else the models' own default. */
  readonly effort?: EffortLevel | undefined;
};

export type Conversation = {
  readonly id: string;
  readonly title: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** True once private content was part of it. Never false again: the conversation stays with local models. */
  readonly isPrivate: boolean;
  /** The turns that are shown, and sent along with the next prompt: one path through the tree. */
  readonly turns: readonly Turn[];
  /** The places of all turns, in the order in which they were sent. Undefined while there are no others than `turns`. */
  readonly tree?: readonly TurnPlace[] | undefined;
  /** How many of the oldest turns the user has left out: no later prompt sends them along. Undefined: none. */
  readonly leftOut?: number | undefined;
  readonly choice?: ModelChoice | undefined;
  /** Above the others in the list, and kept beyond `switchyard.conversations.keepDays`. */
  readonly isPinned?: boolean | undefined;
};

/** What the list shows of a conversation's last answer: it is being written, has failed, or was not seen yet. */
export type ConversationStatus = "running" | "failed" | "unread";

/** A row of the list of conversations. */
export type ConversationRow = {
  readonly id: string;
  readonly title: string;
  readonly updatedAtMs: number;
  readonly isPrivate: boolean;
  readonly isPinned?: boolean | undefined;
  /** Undefined: its answers are complete and seen. */
  readonly status?: ConversationStatus | undefined;
  /** Of a search: a part of its text with one of the searched words, unless the title contains them all. */
  readonly snippet?: string | undefined;
  readonly answers: number;
  /** What its answers cost; `estimated` where any of them is, `unknown` where any price is not known. */
  readonly nanoUsd: number;
  readonly costKind: "exact" | "estimated" | "unknown";
};
