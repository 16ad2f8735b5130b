import type { Prompt } from "../contract/conversation.ts";
import { inputTextOf } from "../explain/prompts.ts";
import { isCode, placeOf } from "./context.ts";

const LONGEST_TITLE = 60;

/** Returns a conversation's title: `Fix retry.ts:12–48` for an action on code, else the first line of its prompt. */
export function titleOf(prompt: Prompt): string {
  const { command, context } = prompt;
  const code = context.find(isCode);
  if (code !== undefined && command !== undefined && command !== "ask") {
    const file = code.path.slice(code.path.lastIndexOf("/") + 1);
    return cut(`${command.charAt(0).toUpperCase()}${command.slice(1)} ${placeOf({ ...code, path: file })}`);
  }
  return cut(inputTextOf(prompt).trim().split("\n", 1)[0]?.trim() ?? "");
}

/** Returns a title after a prompt was changed: another one if the prompt was its source. */
export function titleAfter(title: string, before: Prompt, after: Prompt): string {
  return title === titleOf(before) ? titleOf(after) : title;
}

/** Cuts a title between words where it can. */
function cut(text: string): string {
  const characters = [...text];
  if (characters.length <= LONGEST_TITLE) return text;
  const short = characters.slice(0, LONGEST_TITLE).join("");
  const space = short.lastIndexOf(" ");
  return `${space > LONGEST_TITLE / 2 ? short.slice(0, space) : short}…`;
}
