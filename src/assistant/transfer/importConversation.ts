import type { History } from "../../contract/history.ts";
import type { WholeConversation } from "./conversationSchema.ts";

export type ImportDeps = {
  readonly history: Pick<History, "addConversation">;
  readonly now: () => number;
  readonly newId: () => string;
};

/**
 * Stores a conversation that was read from a file, as last used now, and returns its id: its own, unless that is taken.
 * What its answers cost is shown, but is no spend: only attempts of this machine are.
 */
export async function importConversation(read: WholeConversation, deps: ImportDeps): Promise<string> {
  const nowMs = deps.now();
  const hasPrivateContext = read.turns.some(({ prompt }) => prompt.context.some((item) => item.isPrivate));
  const conversation: WholeConversation = {
    ...read,
    isPrivate: read.isPrivate || hasPrivateContext,
    createdAtMs: Math.min(read.createdAtMs, nowMs),
    updatedAtMs: nowMs,
    turns: read.turns.map((turn) => ({ ...turn, atMs: Math.min(turn.atMs, nowMs) })),
  };
  if (await deps.history.addConversation(conversation)) return conversation.id;
  const id = deps.newId();
  await deps.history.addConversation({ ...conversation, id });
  return id;
}
