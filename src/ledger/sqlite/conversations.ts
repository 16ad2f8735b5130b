import type { Conversation, ConversationRow, Turn } from "../../contract/conversation.ts";
import { int, json, type Row, text } from "./rows.ts";
import type { Sql } from "./sql.ts";

/** Private once is private for good. */
export function upsertConversation(sql: Sql, conversation: Omit<Conversation, "turns">): void {
  const { id, title, createdAtMs, updatedAtMs, isPrivate } = conversation;
  sql.run(
    `INSERT INTO conversation (id, title, created_ms, updated_ms, is_private, sought) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET
       title = excluded.title, updated_ms = max(updated_ms, excluded.updated_ms),
       is_private = max(is_private, excluded.is_private), sought = excluded.sought`,
    ...[id, title, createdAtMs, updatedAtMs, Number(isPrivate), sought(title)],
  );
}

export function upsertTurn(sql: Sql, conversationId: string, turn: Turn): void {
  const { id, atMs, prompt, answer } = turn;
  const cost = answer.summary?.cost;
  sql.run(
    `INSERT INTO turn (conversation_id, id, at_ms, body, sought, answered, cost, nano) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (conversation_id, id) DO UPDATE SET
       at_ms = excluded.at_ms, body = excluded.body, sought = excluded.sought,
       answered = excluded.answered, cost = excluded.cost, nano = excluded.nano`,
    ...[conversationId, id, atMs, JSON.stringify(turn), sought(`${prompt.text}\n${answer.text}`)],
    ...[Number(answer.summary?.modelUsed !== undefined), cost?.kind ?? null],
    cost === undefined || cost.kind === "unknown" ? null : cost.nanoUsd,
  );
  sql.run("UPDATE conversation SET updated_ms = max(updated_ms, ?) WHERE id = ?", atMs, conversationId);
}

/** Deletes a turn, and with the last one its conversation. */
export function deleteTurn(sql: Sql, conversationId: string, turnId: string): void {
  sql.run("DELETE FROM turn WHERE conversation_id = ? AND id = ?", conversationId, turnId);
  sql.run(
    "DELETE FROM conversation WHERE id = ? AND NOT EXISTS (SELECT 1 FROM turn WHERE conversation_id = conversation.id)",
    conversationId,
  );
}

export function conversationById(sql: Sql, id: string): Conversation | undefined {
  const row = sql.get(
    "SELECT id, title, created_ms, updated_ms, is_private FROM conversation WHERE id = ? AND removed = 0",
    id,
  );
  if (row === undefined) return undefined;
  const turns = sql.all("SELECT body FROM turn WHERE conversation_id = ? ORDER BY at_ms, rowid", id);
  return {
    id,
    title: text(row, "title"),
    createdAtMs: int(row, "created_ms"),
    updatedAtMs: int(row, "updated_ms"),
    isPrivate: int(row, "is_private") === 1,
    turns: turns.map((turn) => json<Turn>(turn, "body")),
  };
}

/** The newest first. A query is looked for as it stands, in any case, in titles, prompts and answers. */
export function conversationRows(sql: Sql, query: string, limit: number): readonly ConversationRow[] {
  const needle = sought(query.trim());
  const found = sql.all(
    `SELECT id, title, updated_ms, is_private FROM conversation
     WHERE removed = 0 AND (?1 = '' OR instr(sought, ?1) > 0
       OR EXISTS (SELECT 1 FROM turn WHERE conversation_id = conversation.id AND instr(turn.sought, ?1) > 0))
     ORDER BY updated_ms DESC, rowid DESC LIMIT ?2`,
    ...[needle, limit],
  );
  return found.map((row) => ({
    id: text(row, "id"),
    title: text(row, "title"),
    updatedAtMs: int(row, "updated_ms"),
    isPrivate: int(row, "is_private") === 1,
    ...sums(sql, text(row, "id")),
  }));
}

export function setRemoved(sql: Sql, id: string, removed: boolean): void {
  sql.run("UPDATE conversation SET removed = ? WHERE id = ?", Number(removed), id);
}

function sums(sql: Sql, conversationId: string): Pick<ConversationRow, "answers" | "nanoUsd" | "costKind"> {
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

/** Lower case by Unicode's rules, which SQLite's own comparison knows for ASCII only. */
function sought(words: string): string {
  return words.normalize("NFC").toLowerCase();
}
