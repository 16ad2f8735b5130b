import type { Prompt } from "../contract/conversation.ts";

/** Returns what the user has typed for a prompt, and can send again: `/fix the second test`. */
export function inputTextOf({ text, command, instructions }: Omit<Prompt, "context">): string {
  return instructions === undefined || command === undefined ? text : `/${command} ${text}`.trimEnd();
}
