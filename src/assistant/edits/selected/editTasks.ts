import type { ContextItem } from "../../../contract/context.ts";
import type { Prompt } from "../../../contract/conversation.ts";
import { isCode } from "../../context.ts";
import type { LineRange } from "../alignment.ts";
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

/** Code of a document, by its address. `lines`: undefined for all of it. */
type EditedCode = { readonly source: string; readonly lines: LineRange | undefined };

/** Returns the task of one of the user's own prompts. What it attaches is sent, except the code that is edited. */
export function promptTask(
  { command = "", instructions = "", text: words, context }: Prompt,
  edited: EditedCode,
): EditTask {
  return { command, instructions, words, context: context.filter((item) => !isWithin(item, edited)) };
}

function isWithin(item: ContextItem, { source, lines }: EditedCode): boolean {
  if (!isCode(item) || item.source !== source) return false;
  return lines === undefined || (item.startLine > lines.start && item.endLine <= lines.end);
}

/** Tests of code: what they test, and the file that they go into. */
export type TestsToWrite = {
  /** The code, as a model may know its place: `src/retry.ts:12–48`. */
  readonly code: string;
  /** The path of the test file. */
  readonly file: string;
  readonly isNew: boolean;
  /** The code, and a test file that shows how tests are written here. */
  readonly context: readonly ContextItem[];
};

/** Returns the task to write tests into a file, which is edited as a whole. */
export function testsTask({ code, file, isNew, context }: TestsToWrite): EditTask {
  const place = isNew
    ? `The selected code is a new file, ${file}, which is empty. Write the whole file, with its imports, as the tests ` +
      "of this project are written; an example may be among the files."
    : `The selected code is the file ${file}. Add the tests to it as its tests are written, with the imports that ` +
      "they need, and leave everything else as it is.";
  const instructions = `Write tests for ${code}: the usual case, the edges, and the errors that it reports. ${place}`;
  return { command: "tests", instructions, words: "", context };
}
