/** The messages about the conversation that is shown: its turns and answers. */
import * as v from "valibot";
import type { ContextChip } from "../context.ts";
import type { Answer, Turn } from "../conversation.ts";
import type { Alternatives } from "../turnTree.ts";
import { contractValue, contractValues } from "./contractValue.ts";

export type TurnView = Omit<Turn, "prompt"> & {
  readonly prompt: Omit<Turn["prompt"], "context"> & { readonly context: readonly ContextChip[] };
  /** What can be shown in its place; undefined if there is nothing else. */
  readonly alternatives?: Alternatives | undefined;
  /** It has its prompt and the figures of its answer only; the view asks for the rest with `loadTurns`. */
  readonly isOutline?: boolean | undefined;
};

/** An answer without its text, which is sent in chunks. */
export type AnswerState = Omit<Answer, "text">;

const conversationView = v.object({
  id: v.string(),
  title: v.string(),
  isPrivate: v.boolean(),
  turns: contractValues<TurnView>(),
  /** How many of the oldest turns are not sent with later prompts. */
  leftOut: v.optional(v.number()),
  isPinned: v.optional(v.boolean()),
});

export const conversationToView = v.variant("type", [
  v.object({ type: v.literal("text"), turnId: v.string(), text: v.string() }),
  /** The conversation to show; null: the start screen of a new one. */
  v.object({
    type: v.literal("conversation"),
    conversation: v.nullable(conversationView),
    busyTurnId: v.nullable(v.string()),
    /** Another window writes the answer of the busy turn. */
    isElsewhere: v.optional(v.boolean()),
  }),
  /** What another window has changed in the conversation that is shown. `turns`: those that are new or have changed. */
  v.object({
    type: v.literal("synced"),
    conversationId: v.string(),
    title: v.string(),
    isPrivate: v.boolean(),
    leftOut: v.optional(v.number()),
    isPinned: v.optional(v.boolean()),
    turns: contractValues<TurnView>(),
    /** The turn whose answer the other window writes; null: it has ended. */
    busyTurnId: v.nullable(v.string()),
  }),
  /** Turns that the view has as outlines. */
  v.object({ type: v.literal("turns"), conversationId: v.string(), turns: contractValues<TurnView>() }),
  v.object({
    type: v.literal("turn"),
    conversationId: v.string(),
    title: v.string(),
    isPrivate: v.boolean(),
    leftOut: v.optional(v.number()),
    /** How many turns are shown before it: those after them are not shown any more. Undefined: all. */
    index: v.optional(v.number()),
    turn: contractValue<TurnView>(),
  }),
  /** Opens the find bar. */
  v.object({ type: v.literal("find") }),
  /** The answer's text so far is retracted. */
  v.object({ type: v.literal("restarted"), turnId: v.string() }),
  v.object({
    type: v.literal("answer"),
    turnId: v.string(),
    answer: contractValue<AnswerState>(),
    busy: v.boolean(),
  }),
]);

export const conversationFromView = v.variant("type", [
  /** `conversationId`: the conversation that the prompt was written in; null: a new one. */
  v.object({ type: v.literal("send"), conversationId: v.nullable(v.string()), text: v.string() }),
  v.object({ type: v.literal("stop") }),
  /** Asks for turns that the view has as outlines. */
  v.object({
    type: v.literal("loadTurns"),
    conversationId: v.string(),
    turnIds: v.array(v.string()),
  }),
  v.object({
    type: v.literal("thumb"),
    turnId: v.string(),
    thumb: v.nullable(v.picklist(["up", "down"])),
  }),
  v.object({ type: v.literal("copyDecision"), turnId: v.string() }),
  /** Sends the prompt of the last turn again. */
  v.object({ type: v.literal("retry"), turnId: v.string() }),
  /** Sends the prompt of a turn again because its answer was not good enough: a stronger model tries next. */
  v.object({ type: v.literal("regenerate"), turnId: v.string() }),
  /** Lets the user choose the model that answers the prompt of a turn again. */
  v.object({ type: v.literal("regenerateWith"), turnId: v.string() }),
  /** Sends an edited prompt in place of a turn's. */
  v.object({ type: v.literal("editPrompt"), turnId: v.string(), text: v.string() }),
  /** Shows another turn in its place, and what was shown after it. */
  v.object({ type: v.literal("showTurn"), turnId: v.string() }),
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
]);

export type ConversationRequest = Readonly<v.InferOutput<typeof conversationFromView>>;
export type ConversationView = Readonly<v.InferOutput<typeof conversationView>>;
