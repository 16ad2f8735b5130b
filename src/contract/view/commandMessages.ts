/** The messages about what can be typed with few keys: commands after a slash, and earlier prompts. */
import * as v from "valibot";

/** A command that sends a prepared prompt. */
const promptCommand = v.object({
  /** Without the slash. */
  name: v.string(),
  /** What it does, in a few words. */
  description: v.string(),
  source: v.picklist(["built-in", "settings", "workspace"]),
});

export const commandsToView = v.variant("type", [
  v.object({ type: v.literal("commands"), commands: v.array(promptCommand) }),
  /** Prompts of other conversations, the newest first. */
  v.object({ type: v.literal("recentPrompts"), prompts: v.array(v.string()) }),
]);

export const commandsFromView = v.variant("type", [v.object({ type: v.literal("recentPrompts") })]);

export type PromptCommand = Readonly<v.InferOutput<typeof promptCommand>>;
export type CommandsRequest = Readonly<v.InferOutput<typeof commandsFromView>>;
