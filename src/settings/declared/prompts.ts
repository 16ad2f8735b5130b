/** The user's own prompts. */
import * as v from "valibot";
import { described, object, record, setting, withDefault } from "../values.ts";

/** Commands of the chat that send nothing. A prompt cannot have their names. */
const CHAT_COMMANDS: readonly string[] = ["new", "model", "export"];

/** What a prompt can contain in braces. */
export const PLACEHOLDERS = ["selection", "file", "language", "problems", "changes"] as const;

const MAX_PROMPT_LENGTH = 20_000;

/** The name of a command, without the slash. */
export const commandName = v.pipe(
  v.string(),
  v.regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,49}$/u, 'a name of letters, digits, "-", "_" and "."'),
  v.check((name) => !CHAT_COMMANDS.includes(name), "another name: the chat has a command of this name"),
);

/** The text of a prompt, with placeholders. */
export const promptText = v.pipe(v.string(), v.maxLength(MAX_PROMPT_LENGTH), v.regex(/\S/, "a text"));

const ownPrompt = object({
  text: described(promptText, "The prompt, with placeholders."),
  edit: withDefault(
    v.boolean(),
    false,
    "From the menus of the editor, the prompt edits the selected code in its file. Without it, it is sent in the chat.",
  ),
});

export const prompts = setting({
  schema: record(
    commandName,
    v.pipe(
      v.union([promptText, ownPrompt]),
      v.transform((prompt) => (typeof prompt === "string" ? { text: prompt, edit: false } : prompt)),
    ),
  ),
  default: {},
  scope: "application",
  recoveryDepth: 1,
  markdownDescription:
    'Your own prompts, by the name that you type after a slash in the chat. `{selection}`, `{file}`, `{problems}` and `{changes}` attach the selected code, the active file, its problems, and what Git has not committed yet; `{language}` is the language of the code. A prompt named like a built-in command replaces it. With `"edit": true`, a prompt edits the selected code when it is chosen in the editor’s menu.',
  example: {
    review: "Review this code for mistakes: {selection}",
    port: { text: "Rewrite {selection} in idiomatic {language}, without dependencies.", edit: true },
    ticket: "Write a ticket in Markdown for what is wrong here: {problems}",
  },
});
