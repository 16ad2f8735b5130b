/** The messages about the next prompt: its text, what is attached to it, and where it would go. */
import * as v from "valibot";
import type { ContextChip } from "../context.ts";
import type { Decision } from "../decision.ts";
import { contractValue, contractValues } from "./contractValue.ts";

/**
 * Where the prompt in the input would go, and its expected cost. `earlierTokens`: about how many tokens of it are earlier
 * turns of the conversation. `added`: what the command attaches by itself.
 */
const forecast = v.object({
  decision: contractValue<Decision>(),
  earlierTokens: v.number(),
  added: v.optional(contractValues<ContextChip>()),
  /** The most tokens that one image can have for the first model; undefined if that is unknown. */
  imageTokens: v.optional(v.number()),
});

/** What is at the upper edge: the article by its index, and how many pixels of it are above. */
const readingPosition = v.object({ article: v.number(), offset: v.number() });

/** What a view keeps while it is hidden, and the editor while the window is closed. */
export const viewState = v.object({
  /** The text in the input. */
  draft: v.fallback(v.string(), ""),
  /** The scroll positions in conversations, the newest last. One that is shown at its end is not among them. */
  readings: v.fallback(
    v.array(v.object({ conversationId: v.string(), ...readingPosition.entries })),
    () => [],
  ),
  /** Counts the changes: of two states, the one with more is newer. */
  changes: v.fallback(v.number(), 0),
});

export const inputToView = v.variant("type", [
  /** The state that an earlier page of this window had. */
  v.object({ type: v.literal("restore"), state: viewState }),
  /** What is attached to the next prompt. */
  v.object({
    type: v.literal("attached"),
    context: contractValues<ContextChip>(),
    command: v.optional(v.string()),
  }),
  v.object({
    type: v.literal("forecast"),
    forecast: v.nullable(forecast),
    draft: v.string(),
    /** Why the prompt would not be sent: what its command needs and is not there. */
    missing: v.optional(v.string()),
  }),
  /** Inserts a text before what is in the input (a prompt that was not sent), and focuses the input. */
  v.object({ type: v.literal("input"), text: v.string() }),
  v.object({ type: v.literal("focus") }),
]);

export const inputFromView = v.variant("type", [
  v.object({ type: v.literal("draft"), text: v.string() }),
  v.object({ type: v.literal("save"), state: viewState }),
  /** Removes the command from the next prompt. */
  v.object({ type: v.literal("dropCommand") }),
]);

export type InputRequest = Readonly<v.InferOutput<typeof inputFromView>>;
export type ReadingPosition = Readonly<v.InferOutput<typeof readingPosition>>;
export type ViewState = Readonly<v.InferOutput<typeof viewState>>;
export type Forecast = Readonly<v.InferOutput<typeof forecast>>;
