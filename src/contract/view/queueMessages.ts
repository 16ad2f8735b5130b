/** The messages about prompts that wait for the answer before them. */
import * as v from "valibot";
import { contractValues } from "./contractValue.ts";
import type { TurnView } from "./conversationMessages.ts";

/** A prompt that is sent when the answers before it are complete. */
export type QueuedPromptView = { readonly id: string; readonly prompt: TurnView["prompt"] };

export const queueToView = v.variant("type", [
  /** The queued prompts of the conversation that is shown, in the order of sending. */
  v.object({ type: v.literal("queued"), prompts: contractValues<QueuedPromptView>() }),
]);

export const queueFromView = v.variant("type", [
  v.object({ type: v.literal("editQueued"), id: v.string(), text: v.string() }),
  /** Moves a prompt by one place. */
  v.object({ type: v.literal("moveQueued"), id: v.string(), by: v.picklist([-1, 1]) }),
  v.object({ type: v.literal("removeQueued"), id: v.string() }),
  /** Opens what a chip of a prompt stands for. */
  v.object({ type: v.literal("openQueuedContext"), id: v.string(), index: v.number() }),
  /** Sends a prompt before the others, and stops the answer that is being written. */
  v.object({ type: v.literal("sendQueued"), id: v.string() }),
]);

export type QueueRequest = Readonly<v.InferOutput<typeof queueFromView>>;
