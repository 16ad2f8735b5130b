import type { AnswerSummary } from "./answer.ts";
import type { Decision } from "./decision.ts";
import type { FailureRecord } from "./failure.ts";
import type { ModelRef } from "./model.ts";

/** Code that goes along with a prompt. Lines count from 1. */
export type ContextItem = {
  readonly kind: "selection" | "file";
  /** Relative to its workspace folder, with forward slashes. */
  readonly path: string;
  readonly language: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
  readonly tokens: number;
  /** Matches `switchyard.privatePaths`. */
  readonly isPrivate: boolean;
};

/** What the user sent. */
export type Prompt = {
  readonly text: string;
  /** Without the slash. */
  readonly command?: string;
  readonly context: readonly ContextItem[];
  readonly explicitModel?: ModelRef;
};

/** A failed model and the one that was asked instead, as a note in the answer. */
export type FallbackNote = {
  readonly from: ModelRef;
  readonly to: ModelRef;
  readonly failure: FailureRecord;
};

/** Where an answer was torn, and another model went on with it. */
export type HandoffPoint = {
  /** How many characters of the answer's text come before it. */
  readonly at: number;
  readonly from: ModelRef;
  readonly to: ModelRef;
};

export type Thumb = "up" | "down";

export type Answer = {
  readonly text: string;
  readonly decision?: Decision;
  readonly decidedInMs?: number;
  readonly fallbacks: readonly FallbackNote[];
  /** In their order; left out where nothing was torn. */
  readonly handoffs?: readonly HandoffPoint[];
  /** Left out while the answer is being written, and where nobody saw it end. */
  readonly summary?: AnswerSummary;
  readonly thumb?: Thumb;
};

/** A prompt and its answer. */
export type Turn = {
  readonly id: string;
  readonly atMs: number;
  readonly prompt: Prompt;
  readonly answer: Answer;
};

export type Conversation = {
  readonly id: string;
  readonly title: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** True once private content was part of it, for good: it stays with local models. */
  readonly isPrivate: boolean;
  readonly turns: readonly Turn[];
};

/** A row of the list of conversations. */
export type ConversationRow = {
  readonly id: string;
  readonly title: string;
  readonly updatedAtMs: number;
  readonly isPrivate: boolean;
  readonly answers: number;
  /** What its answers cost; `estimated` where any of them is, `unknown` where any price is not known. */
  readonly nanoUsd: number;
  readonly costKind: "exact" | "estimated" | "unknown";
};
