/** The messages about keys and passwords in a prompt that is about to leave this machine. */
import * as v from "valibot";
import type { ContextChip } from "../context.ts";
import { contractValue } from "./contractValue.ts";

const place = v.variant("kind", [
  /** `line`: from 1, of a prompt with several lines. */
  v.object({ kind: v.literal("prompt"), line: v.optional(v.number()) }),
  /** What the command that was typed asks for. */
  v.object({ kind: v.literal("instructions") }),
  /** `line`: in the file, for code. */
  v.object({ kind: v.literal("context"), item: contractValue<ContextChip>(), line: v.optional(v.number()) }),
  v.object({ kind: v.picklist(["earlier-prompt", "earlier-answer"]) }),
]);

/** Where a secret is, and what it is: “GitHub Token”. The secret itself stays in the editor. */
const placedSecret = v.object({ place, secret: v.string() });

const heldPrompt = v.object({
  secrets: v.array(placedSecret),
  /** A model that the prompt would be sent to, and that does not run on this machine. */
  model: v.string(),
  /** The prompt is in the input; else it is that of a turn. */
  isInInput: v.boolean(),
});

export const secretsToView = v.variant("type", [
  /** A prompt was not sent because it contains what looks like secrets; null: it is sent, or given up. */
  v.object({ type: v.literal("heldPrompt"), held: v.nullable(heldPrompt) }),
]);

export const secretsFromView = v.variant("type", [
  /**
   * What to do with the prompt that is held. `blankOut`, `sendAsIs`: sends the text of the input, if the prompt is there;
   * `conversationId`: the conversation that it was written in.
   */
  v.object({
    type: v.literal("secretsChoice"),
    choice: v.picklist(["blankOut", "sendAsIs", "cancel"]),
    conversationId: v.nullable(v.string()),
    text: v.string(),
  }),
]);

export type HeldPrompt = Readonly<v.InferOutput<typeof heldPrompt>>;
export type PlacedSecret = Readonly<v.InferOutput<typeof placedSecret>>;
export type SecretsRequest = Readonly<v.InferOutput<typeof secretsFromView>>;
export type SecretsChoice = SecretsRequest["choice"];
