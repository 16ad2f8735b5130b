import type { Prompt } from "../contract/conversation.ts";
import { placeOf } from "./context.ts";

const LONGEST = 60;

/** What a conversation is called: its first prompt's first line, cut between words; with code, also where it is from. */
export function titleOf({ text, context }: Prompt): string {
  const line = text.trim().split("\n", 1)[0]?.trim() ?? "";
  const [first] = context;
  return cut(first === undefined ? line : `${line.replace(/[.:]$/, "")} · ${placeOf(first)}`);
}

function cut(text: string): string {
  const characters = [...text];
  if (characters.length <= LONGEST) return text;
  const short = characters.slice(0, LONGEST).join("");
  const space = short.lastIndexOf(" ");
  return `${space > LONGEST / 2 ? short.slice(0, space) : short}…`;
}
