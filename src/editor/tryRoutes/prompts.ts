import type { Chat } from "../../assistant/chat.ts";
import { requestFor } from "../../assistant/request.ts";
import type { Conversation } from "../../contract/conversation.ts";
import type { Trial } from "./trial.ts";

/** The last prompts of kept conversations, the newest first, each with all that stood before it. */
export async function keptPrompts(
  chat: Pick<Chat, "list" | "open">,
  most: number,
): Promise<readonly Trial[]> {
  const prompts: { readonly atMs: number; readonly trial: Trial }[] = [];
  for (const { id, updatedAtMs } of await chat.list("")) {
    // Conversations come with the newest first: none of the others has a prompt as new as those.
    const oldest = prompts[most - 1];
    if (oldest !== undefined && updatedAtMs < oldest.atMs) break;
    const conversation = await chat.open(id);
    if (conversation === undefined) continue;
    prompts.push(...promptsOf(conversation));
    prompts.sort((one, other) => other.atMs - one.atMs);
    prompts.length = Math.min(prompts.length, most);
  }
  return prompts.map(({ trial }) => trial);
}

function promptsOf({ id, isPrivate, turns }: Conversation) {
  return turns.map(({ atMs, prompt, answer }, index) => {
    const was = answer.decision;
    const before = { id, isPrivate: was?.attributes.isPrivate ?? isPrivate, turns: turns.slice(0, index) };
    return { atMs, trial: { request: requestFor(before, prompt), ...(was === undefined ? {} : { was }) } };
  });
}
