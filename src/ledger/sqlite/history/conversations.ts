import type { Conversation, ConversationRow, Turn } from "../../../contract/conversation.ts";
import type { Database } from "../core/database.ts";
import { int, json, type Row, type Sql, text } from "../core/sql.ts";

/** A conversation that was private once stays private. */
export function upsertConversation(sql: Sql, conversation: Omit<Conversation, "turns">): void {
  const { id, title, createdAtMs, updatedAtMs, isPrivate, leftOut = 0 } = conversation;
  sql.run(
    `INSERT INTO conversation (id, title, created_ms, updated_ms, is_private, search_text, left_out)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET
       title = excluded.title, updated_ms = max(updated_ms, excluded.updated_ms),
       is_private = max(is_private, excluded.is_private), search_text = excluded.search_text,
       left_out = excluded.left_out`,
    ...[id, title, createdAtMs, updatedAtMs, Number(isPrivate), searchText(title), leftOut],
  );
}

export function upsertTurn(sql: Sql, conversationId: string, turn: Turn): void {
  const { id, atMs, prompt, answer } = turn;
  const cost = answer.summary?.cost;
  sql.run(
    `INSERT INTO turn (conversation_id, id, at_ms, turn_json, search_text, answered, cost, nano)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (conversation_id, id) DO UPDATE SET
       at_ms = excluded.at_ms, turn_json = excluded.turn_json, search_text = excluded.search_text,
       answered = excluded.answered, cost = excluded.cost, nano = excluded.nano`,
    ...[conversationId, id, atMs, JSON.stringify(turn), searchText(`${prompt.text}\n${answer.text}`)],
    ...[Number(answer.summary?.modelUsed !== undefined), cost?.kind ?? null],
    cost === undefined || cost.kind === "unknown" ? null : cost.nanoUsd,
  );
  sql.run("UPDATE conversation SET updated_ms = max(updated_ms, ?) WHERE id = ?", atMs, conversationId);
}

/** Deletes a turn, and its conversation together with the last one. */
export function deleteTurn(sql: Sql, conversationId: string, turnId: string): void {
  sql.run("DELETE FROM turn WHERE conversation_id = ? AND id = ?", conversationId, turnId);
  sql.run(
    "DELETE FROM conversation WHERE id = ? AND NOT EXISTS (SELECT 1 FROM turn WHERE conversation_id = conversation.id)",
    conversationId,
  );
}

export function setRemoved(sql: Sql, id: string, removed: boolean): void {
  sql.run("UPDATE conversation SET removed = ? WHERE id = ?", Number(removed), id);
}

export function conversationById(sql: Sql, id: string): Conversation | undefined {
  const row = sql.get(
    "SELECT id, title, created_ms, updated_ms, is_private, left_out FROM conversation WHERE id = ? AND removed = 0",
    id,
  );
  if (row === undefined) return undefined;
  const turns = sql.all("SELECT turn_json FROM turn WHERE conversation_id = ? ORDER BY at_ms, rowid", id);
  return {
    id,
    title: text(row, "title"),
    createdAtMs: int(row, "created_ms"),
    updatedAtMs: int(row, "updated_ms"),
    isPrivate: int(row, "is_private") === 1,
    turns: turns.map((turn) => json<Turn>(turn, "turn_json")),
    leftOut: int(row, "left_out") || undefined,
  };
}

/** The newest first. A query is matched literally, ignoring case, against titles, prompts and answers. */
export function conversationRows(sql: Sql, query: string, limit: number): readonly ConversationRow[] {
  const found = sql.all(
    `SELECT id, title, updated_ms, is_private FROM conversation
     WHERE removed = 0 AND (?1 = '' OR instr(search_text, ?1) > 0
       OR EXISTS (SELECT 1 FROM turn WHERE conversation_id = conversation.id AND instr(turn.search_text, ?1) > 0))
     ORDER BY updated_ms DESC, rowid DESC LIMIT ?2`,
    ...[searchText(query.trim()), limit],
  );
  return found.map((row) => ({
    id: text(row, "id"),
    title: text(row, "title"),
    updatedAtMs: int(row, "updated_ms"),
    isPrivate: int(row, "is_private") === 1,
    ...totalsOf(sql, text(row, "id")),
  }));
}

/** Permanently deletes removed conversations, and those last used before a time. */
export async function deleteConversationsBefore(database: Database, ms: number): Promise<void> {
  await database.deleteInBatches((sql, limit) => {
    const ids = sql
      .all("SELECT id FROM conversation WHERE removed = 1 OR updated_ms < ? LIMIT ?", ms, limit)
      .map((row) => text(row, "id"));
    for (const id of ids) {
      sql.run("DELETE FROM turn WHERE conversation_id = ?", id);
      sql.run("DELETE FROM conversation WHERE id = ?", id);
    }
    return ids.length;
  });
}

function totalsOf(
  sql: Sql,
  conversationId: string,
): Pick<ConversationRow, "answers" | "nanoUsd" | "costKind"> {
  const row: Row = {
    ...sql.get(
      `SELECT coalesce(sum(answered), 0) AS answers, coalesce(sum(nano), 0) AS nano,
         coalesce(sum(cost = 'unknown'), 0) AS unknown, coalesce(sum(cost = 'estimated'), 0) AS estimated
       FROM turn WHERE conversation_id = ?`,
      conversationId,
    ),
  };
  return {
    answers: int(row, "answers"),
    nanoUsd: int(row, "nano"),
    costKind: int(row, "unknown") > 0 ? "unknown" : int(row, "estimated") > 0 ? "estimated" : "exact",
  };
}

/** Lower case by Unicode's rules; SQLite's own functions know those of ASCII only. */
function searchText(source: string): string {
  return source.normalize("NFC").toLowerCase();
}
