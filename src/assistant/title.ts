import type { Prompt } from "../contract/conversation.ts";
import { placeOf } from "./context.ts";

const LONGEST = 60;

/** What a conversation is called: `Fix retry.ts:12–48` for an action on code, else its first prompt's first line. */
export function titleOf({ text, command, context }: Prompt): string {
  const [code] = context;
  if (code !== undefined && command !== undefined && command !== "ask") {
    const file = code.path.slice(code.path.lastIndexOf("/") + 1);
    return cut(`${command.charAt(0).toUpperCase()}${command.slice(1)} ${placeOf({ ...code, path: file })}`);
  }
  return cut(text.trim().split("\n", 1)[0]?.trim() ?? "");
}

function cut(text: string): string {
  const characters = [...text];
  if (characters.length <= LONGEST) return text;
  const short = characters.slice(0, LONGEST).join("");
  const space = short.lastIndexOf(" ");
  return `${space > LONGEST / 2 ? short.slice(0, space) : short}…`;
}
