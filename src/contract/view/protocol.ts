/**
 * The messages between the chat view and the editor. The editor holds the state; the view shows it and requests
 * changes. The types come from the schemas, and each side validates what it receives.
 */
import * as v from "valibot";
import { isRecord } from "../../base/isRecord.ts";
import type { Answer, ContextItem, ConversationRow, Turn } from "../conversation.ts";
import type { Decision } from "../decision.ts";

/** Context without its text: the view shows that it is attached, not its content. */
export type ContextChip = Omit<ContextItem, "text">;

export type TurnView = Omit<Turn, "prompt"> & {
  readonly prompt: Omit<Turn["prompt"], "context"> & { readonly context: readonly ContextChip[] };
};

/** An answer without its text, which is sent in chunks. */
export type AnswerState = Omit<Answer, "text">;

/**
 * A value of the contract, which only the editor's own code builds: validation checks that it is an object. The editor
 * is trusted; this check finds an editor of another version.
 */
function contractValue<T extends object>() {
  return v.custom<T>((value) => isRecord(value));
}

function contractValues<T extends object>() {
  return v.custom<readonly T[]>((value) => Array.isArray(value) && value.every(isRecord));
}

const conversationView = v.object({
  id: v.string(),
  title: v.string(),
  isPrivate: v.boolean(),
  turns: contractValues<TurnView>(),
  /** How many of the oldest turns are not sent with later prompts. */
  leftOut: v.optional(v.number()),
});

/** The spend of the day, as the line below the input shows it. */
const budgetView = v.object({
  spentNanoUsd: v.number(),
  /** Undefined: no limit. */
  budgetNanoUsd: v.optional(v.number()),
  /** Some of today's answers have no known price. */
  unknown: v.boolean(),
});

/**
 * Where the prompt in the input would go, and its expected cost. `earlierTokens`: about how many tokens of it are earlier
 * turns of the conversation.
 */
const forecast = v.object({ decision: contractValue<Decision>(), earlierTokens: v.number() });

/** Whether real providers can answer. `simulator`: no key is set, so the simulator on this machine answers for free. */
const readiness = v.object({ kind: v.picklist(["simulator", "ready"]) });

/** What is at the upper edge: the article by its index, and how many pixels of it are above. */
const readingPosition = v.object({ article: v.number(), offset: v.number() });

/** What a view keeps while it is hidden, and the editor while the window is closed. */
export const viewState = v.object({
  /** The text in the input. */
  draft: v.fallback(v.string(), ""),
  /** The scroll position in a conversation; undefined while the view follows the conversation's end. */
  reading: v.fallback(
    v.optional(v.object({ conversationId: v.string(), ...readingPosition.entries })),
    undefined,
  ),
  /** Counts the changes: of two states, the one with more is newer. */
  changes: v.fallback(v.number(), 0),
});

const toView = v.variant("type", [
  v.object({ type: v.literal("text"), turnId: v.string(), text: v.string() }),
  /** The state that an earlier page of this window had. */
  v.object({ type: v.literal("restore"), state: viewState }),
  /** The conversation to show; null: the start screen of a new one. */
  v.object({
    type: v.literal("conversation"),
    conversation: v.nullable(conversationView),
    busyTurnId: v.nullable(v.string()),
  }),
  v.object({
    type: v.literal("conversations"),
    rows: contractValues<ConversationRow>(),
    query: v.string(),
    nowMs: v.number(),
  }),
  v.object({
    type: v.literal("turn"),
    conversationId: v.string(),
    title: v.string(),
    isPrivate: v.boolean(),
    leftOut: v.optional(v.number()),
    turn: contractValue<TurnView>(),
  }),
  /** The answer's text so far is retracted. */
  v.object({ type: v.literal("restarted"), turnId: v.string() }),
  v.object({
    type: v.literal("answer"),
    turnId: v.string(),
    answer: contractValue<AnswerState>(),
    busy: v.boolean(),
  }),
  v.object({ type: v.literal("budget"), budget: budgetView }),
  v.object({ type: v.literal("readiness"), readiness }),
  /** Display names of the configured providers, by id. */
  v.object({ type: v.literal("providers"), names: v.record(v.string(), v.string()) }),
  v.object({ type: v.literal("forecast"), forecast: v.nullable(forecast), draft: v.string() }),
  /** The spend passed a threshold of `switchyard.budget.warnAt`; null hides the warning. */
  v.object({ type: v.literal("budgetWarning"), percent: v.nullable(v.number()) }),
  /** What is attached to the next prompt. */
  v.object({
    type: v.literal("attached"),
    context: contractValues<ContextChip>(),
    command: v.optional(v.string()),
  }),
  /** Inserts a text before what is in the input (a prompt that was not sent), and focuses the input. */
  v.object({ type: v.literal("input"), text: v.string() }),
  v.object({ type: v.literal("focus") }),
  v.object({ type: v.literal("deleted"), id: v.string(), title: v.string() }),
]);

const fromView = v.variant("type", [
  /** The view is loaded. The editor sends nothing before this. */
  v.object({ type: v.literal("ready") }),
  /** `conversationId`: the conversation that the prompt was written in; null: a new one. */
  v.object({ type: v.literal("send"), conversationId: v.nullable(v.string()), text: v.string() }),
  v.object({ type: v.literal("stop") }),
  v.object({ type: v.literal("new") }),
  v.object({ type: v.literal("list"), query: v.string() }),
  v.object({ type: v.literal("open"), id: v.string() }),
  v.object({ type: v.literal("delete"), id: v.string() }),
  v.object({ type: v.literal("undelete"), id: v.string() }),
  v.object({ type: v.literal("rename"), id: v.string(), title: v.string() }),
  v.object({ type: v.literal("draft"), text: v.string() }),
  v.object({ type: v.literal("save"), state: viewState }),
  v.object({ type: v.literal("detach"), index: v.number() }),
  /** Removes the command from the next prompt. */
  v.object({ type: v.literal("dropCommand") }),
  /** Attaches the selection of the active editor, or its whole file if nothing is selected. */
  v.object({ type: v.literal("attachSelection") }),
  v.object({
    type: v.literal("thumb"),
    turnId: v.string(),
    thumb: v.nullable(v.picklist(["up", "down"])),
  }),
  v.object({ type: v.literal("copy"), text: v.string() }),
  v.object({ type: v.literal("insert"), text: v.string() }),
  v.object({ type: v.literal("openLink"), href: v.string() }),
  v.object({ type: v.literal("copyDecision"), turnId: v.string() }),
  /** Sends the prompt of the last turn again. */
  v.object({ type: v.literal("retry"), turnId: v.string() }),
  /** Continues an answer that reached its output limit. */
  v.object({ type: v.literal("continue"), turnId: v.string() }),
  v.object({
    type: v.literal("budgetChoice"),
    turnId: v.string(),
    choice: v.picklist(["cheapest", "free", "raise", "discard"]),
  }),
  /**
   * Asks the user how many of the oldest turns are left out of later prompts. `turnId`: the last turn, whose prompt was
   * too long or too expensive and is then sent again.
   */
  v.object({ type: v.literal("leaveOut"), turnId: v.nullable(v.string()) }),
  /** Moves the prompt of the last turn, which has no answer, to the input of a new conversation. */
  v.object({ type: v.literal("moveToNew"), turnId: v.string() }),
  v.object({ type: v.literal("replaceKey"), provider: v.string() }),
  v.object({ type: v.literal("resetBreaker"), ref: v.string() }),
  v.object({ type: v.literal("dismissWarning") }),
  v.object({
    type: v.literal("command"),
    command: v.picklist(["addKey", "changeBudget", "openSettings", "editRoutes", "findLocalModels"]),
  }),
]);

/** A message to the view. */
export type ToView = Readonly<v.InferOutput<typeof toView>>;
/** A message from the view. */
export type FromView = Readonly<v.InferOutput<typeof fromView>>;

export type ReadingPosition = Readonly<v.InferOutput<typeof readingPosition>>;
export type ViewState = Readonly<v.InferOutput<typeof viewState>>;
export type ConversationView = Readonly<v.InferOutput<typeof conversationView>>;
export type BudgetView = Readonly<v.InferOutput<typeof budgetView>>;
export type Forecast = Readonly<v.InferOutput<typeof forecast>>;
export type Readiness = Readonly<v.InferOutput<typeof readiness>>;

/** Validates what the view received; undefined if it is not a message to the view. */
export function readToView(data: unknown): ToView | undefined {
  return v.is(toView, data) ? data : undefined;
}

/**
 * Validates what the editor received; undefined if it is not a message from the view. The view shows text from models,
 * so it is less trusted than the editor: every field is checked, and unknown fields are dropped.
 */
export function readFromView(data: unknown): FromView | undefined {
  const parsed = v.safeParse(fromView, data);
  return parsed.success ? parsed.output : undefined;
}
