import type { Conversation, Turn, TurnPlace } from "../../../../contract/conversation.ts";
import { json, type Sql } from "../../core/sql.ts";
import { conversationById, upsertConversation, upsertTurn } from "./conversations.ts";

/** Returns a conversation with all its turns in the order of sending, also those that are not shown. */
export function wholeConversation(sql: Sql, id: string): Conversation | undefined {
  const shown = conversationById(sql, id);
  if (shown?.tree === undefined) return shown;
  const turns = sql.all("SELECT turn_json FROM turn WHERE conversation_id = ? ORDER BY rowid", id);
  return { ...shown, turns: turns.map((turn) => json<Turn>(turn, "turn_json")) };
}

/**
 * Stores a conversation with all its turns, in the order of sending. Returns false, and stores nothing, if its id is
 * taken.
 */
export function insertConversation(sql: Sql, { turns, tree, ...header }: Conversation): boolean {
  const { id } = header;
  if (sql.get("SELECT 1 FROM conversation WHERE id = ?", id) !== undefined) return false;
  upsertConversation(sql, header);
  for (const [index, turn] of turns.entries()) upsertTurn(sql, id, turn, tree?.[index]);
  if (tree !== undefined) choose(sql, id, turns, tree);
  return true;
}

/** Sets which turns are shown. The turn that was shown last is saved again, because the list shows how it ended. */
function choose(sql: Sql, id: string, turns: readonly Turn[], tree: readonly TurnPlace[]): void {
  for (const place of tree) {
    sql.run("UPDATE turn SET chosen = ? WHERE conversation_id = ? AND id = ?", place.chosen, id, place.id);
  }
  const last = tree.reduce((highest, place) => (place.chosen > highest.chosen ? place : highest));
  const turn = turns.find((each) => each.id === last.id);
  if (turn !== undefined) upsertTurn(sql, id, turn);
}
