import type { EditTask } from "./editRequest.ts";

export const EDIT_COMMANDS = ["modify", "fix", "refactor", "document"] as const;

/** The commands that edit selected code in the editor. */
export type EditCommand = (typeof EDIT_COMMANDS)[number];

/** Returns a task. The instructions are in English, whatever the user's language is. @param words the user's own words */
export function editTask(command: EditCommand, words: string): EditTask {
  return { command, instructions: INSTRUCTIONS[command], words };
}

const INSTRUCTIONS: Readonly<Record<EditCommand, string>> = {
  modify: "Change the selected code:",
  fix: "Fix what is wrong in the selected code. If problems are listed, fix these and change nothing else.",
  refactor:
    "Refactor the selected code: make it easier to read and to change, without changing what it does.",
  document:
    "Write the comments that document the selected code: what each public part does, takes and returns, and which errors it reports. Change nothing else.",
};
