/** What the chat view and its host say to each other. The host holds the state; the view shows it and asks for changes. */

import type { Answer, ContextItem, ConversationRow, Thumb, Turn } from "../conversation.ts";
import type { BudgetChoice, Decision } from "../decision.ts";
import type { ModelRef } from "../model.ts";
import type { NanoUsd } from "../money.ts";

/** Context without its text: the view shows that it goes along, and has no need of what it says. */
export type ContextChip = Omit<ContextItem, "text">;

export type TurnView = Omit<Turn, "prompt"> & {
  readonly prompt: Omit<Turn["prompt"], "context"> & { readonly context: readonly ContextChip[] };
};

/** An answer's state without its text, which comes in pieces. */
export type AnswerState = Omit<Answer, "text">;

export type ConversationView = {
  readonly id: string;
  readonly title: string;
  readonly isPrivate: boolean;
  readonly turns: readonly TurnView[];
};

/** Money of the day, as the line under the input shows it. */
export type BudgetView = {
  readonly spentNanoUsd: NanoUsd;
  /** Left out: no limit. */
  readonly budgetNanoUsd?: NanoUsd;
  /** Some of today's answers have no known price. */
  readonly unknown: boolean;
};

/** Where the prompt in the input would go, and for how much. */
export type Forecast = { readonly decision: Decision };

/** Whether real providers can answer. */
export type Readiness =
  /** Nothing is configured: the simulator of this machine answers, free. */
  { readonly kind: "simulator" } | { readonly kind: "ready" };

/** To the view. Nothing is sent before it said `ready`. */
export type ToView =
  /** What is shown: a conversation, or (null) the first screen of a new one. */
  | {
      readonly type: "conversation";
      readonly conversation: ConversationView | null;
      readonly busyTurnId: string | null;
    }
  | {
      readonly type: "conversations";
      readonly rows: readonly ConversationRow[];
      readonly query: string;
      readonly nowMs: number;
    }
  | {
      readonly type: "turn";
      readonly conversationId: string;
      readonly title: string;
      readonly isPrivate: boolean;
      readonly turn: TurnView;
    }
  | { readonly type: "text"; readonly turnId: string; readonly text: string }
  /** What was shown of this answer's text is taken back. */
  | { readonly type: "restart"; readonly turnId: string }
  | { readonly type: "answer"; readonly turnId: string; readonly answer: AnswerState; readonly busy: boolean }
  | { readonly type: "budget"; readonly budget: BudgetView }
  | { readonly type: "readiness"; readonly readiness: Readiness }
  /** What people call the configured providers, by id: for the titles of errors. */
  | { readonly type: "providers"; readonly names: Readonly<Record<string, string>> }
  | { readonly type: "forecast"; readonly forecast: Forecast | null; readonly draft: string }
  /** A threshold of `switchyard.budget.warnAt` was passed; null takes the strip away. */
  | { readonly type: "budgetWarning"; readonly percent: number | null }
  /** What goes along with the next prompt. */
  | { readonly type: "attached"; readonly context: readonly ContextChip[]; readonly command?: string }
  /** Puts a text into the input (a prompt that was not sent), before what stands there already, and focuses it. */
  | { readonly type: "input"; readonly text: string }
  | { readonly type: "focus" }
  | { readonly type: "deleted"; readonly id: string; readonly title: string };

/** Ways out of an error or a budget that the host carries out. */
export type ViewCommand = "addKey" | "changeBudget" | "openSettings" | "editRoutes" | "findLocalModels";

/** From the view. */
export type FromView =
  | { readonly type: "ready" }
  /** `conversationId`: the one that the prompt was written in; null for a new one, which has no turn yet. */
  | { readonly type: "send"; readonly conversationId: string | null; readonly text: string }
  | { readonly type: "stop" }
  | { readonly type: "new" }
  | { readonly type: "list"; readonly query: string }
  | { readonly type: "open"; readonly id: string }
  | { readonly type: "delete"; readonly id: string }
  | { readonly type: "undelete"; readonly id: string }
  | { readonly type: "rename"; readonly id: string; readonly title: string }
  | { readonly type: "draft"; readonly text: string }
  | { readonly type: "detach"; readonly index: number }
  /** Takes the command off the next prompt. */
  | { readonly type: "dropCommand" }
  /** The selection of the active editor, or its whole file where nothing is selected. */
  | { readonly type: "attachSelection" }
  | { readonly type: "thumb"; readonly turnId: string; readonly thumb: Thumb | null }
  | { readonly type: "copy"; readonly text: string }
  | { readonly type: "insert"; readonly text: string }
  | { readonly type: "openLink"; readonly href: string }
  | { readonly type: "copyDecision"; readonly turnId: string }
  /** Asks the last turn again as it was. */
  | { readonly type: "retry"; readonly turnId: string }
  /** Sets the model's limit aside and goes on where it stopped. */
  | { readonly type: "continue"; readonly turnId: string }
  | {
      readonly type: "budgetChoice";
      readonly turnId: string;
      readonly choice: BudgetChoice["kind"] | "discard";
    }
  | { readonly type: "replaceKey"; readonly provider: string }
  | { readonly type: "resetBreaker"; readonly ref: ModelRef }
  | { readonly type: "dismissWarning" }
  | { readonly type: "command"; readonly command: ViewCommand };
