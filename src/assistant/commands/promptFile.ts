import * as v from "valibot";
import { commandName, promptText } from "../../settings/declared/prompts.ts";
import type { PromptTemplate } from "./fillPrompt.ts";

/** A prompt of a workspace. */
export type PromptFile = PromptTemplate & { readonly description?: string | undefined };

const FRONT_MATTER = /^---[ \t]*\n((?:.*\n)*?)---[ \t]*(?:\n|$)/;
const DESCRIPTION = /^description:(.*)$/m;
const QUOTED = /^(["'])(.*)\1$/;
const EDIT = /^edit:[ \t]*true[ \t]*$/m;
const MAX_DESCRIPTION_LENGTH = 100;

/**
 * Reads a file of `.switchyard/prompts/`: a text with placeholders, after an optional front matter whose `description`
 * the list of commands shows, and whose `edit: true` makes it edit the selected code. Spaces in the file's name become
 * hyphens.
 * @returns undefined if the name cannot be typed as a command, or the text is empty or too long
 */
export function readPromptFile(fileName: string, content: string): PromptFile | undefined {
  const name = fileName.replace(/\.md$/i, "").trim().replaceAll(/\s+/g, "-");
  const whole = content.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const frontMatter = FRONT_MATTER.exec(whole);
  const text = whole.slice(frontMatter?.[0].length ?? 0).trim();
  if (!v.is(commandName, name) || !v.is(promptText, text)) return undefined;
  const described = DESCRIPTION.exec(frontMatter?.[1] ?? "")?.[1]?.trim() ?? "";
  const description = oneLine(QUOTED.exec(described)?.[2] ?? described);
  const edit = EDIT.test(frontMatter?.[1] ?? "");
  return { name, text, edit, description: description === "" ? undefined : description };
}

/** Removes what could hide or reorder other text in the list of commands. */
function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ")
    .trim()
    .slice(0, MAX_DESCRIPTION_LENGTH);
}
