import type { AnswerSummary } from "../../../../contract/answer.ts";
import type { Conversation, ModelChoice, Turn, TurnPlace } from "../../../../contract/conversation.ts";
import type { RecentPrompt } from "../../../../contract/history.ts";
import { EFFORT_LEVELS } from "../../../../contract/provider/ask.ts";
import { activePath } from "../../../../contract/turnTree.ts";
import type { Database } from "../../core/database.ts";
import { int, json, optionalText, type Row, type Sql, text } from "../../core/sql.ts";
import { searchedText, searchText } from "./conversationList.ts";

/** A conversation that was private once stays private. The pin and the choice of a stored one do not change. */
export function upsertConversation(sql: Sql, conversation: Omit<Conversation, "turns">): void {
  const { id, title, createdAtMs, updatedAtMs, isPrivate, leftOut = 0, choice = {} } = conversation;
  sql.run(
    `INSERT INTO conversation (id, title, created_ms, updated_ms, is_private, search_text, left_out,
       picked_model, effort)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET
       title = excluded.title, updated_ms = max(updated_ms, excluded.updated_ms),
       is_private = max(is_private, excluded.is_private), search_text = excluded.search_text,
       left_out = excluded.left_out`,
    ...[id, title, createdAtMs, updatedAtMs, Number(isPrivate), searchText(title), leftOut],
    ...[choice.model ?? null, choice.effort ?? null],
  );
}

/**
 * Saves a conversation that gets a turn. Another window may have renamed or deleted it since it was read: the title
 * stays as it is stored, and a deleted one is restored, because its user continues it.
 */
export function touchConversation(sql: Sql, conversation: Omit<Conversation, "turns">): void {
  const { id, updatedAtMs, isPrivate, leftOut = 0 } = conversation;
  const isKnown =
    sql.run(
      `UPDATE conversation SET removed = 0, updated_ms = max(updated_ms, ?), is_private = max(is_private, ?), left_out = ?
       WHERE id = ?`,
      ...[updatedAtMs, Number(isPrivate), leftOut, id],
    ) > 0;
  if (!isKnown) upsertConversation(sql, conversation);
}

/**
 * Saves a turn. One that is saved again keeps its place; one with a summary is not being written any more. Of a conversation
 * that was permanently deleted meanwhile, nothing is stored.
 * @param place without it, a new turn follows the one that was shown last
 */
export function upsertTurn(
  sql: Sql,
  conversationId: string,
  turn: Turn,
  place?: Pick<TurnPlace, "parent" | "variantOf">,
): void {
  const { id, atMs, answer } = turn;
  const cost = answer.summary?.cost;
  if (answer.summary !== undefined)
    sql.run("DELETE FROM answering WHERE conversation_id = ? AND turn_id = ?", conversationId, id);
  if (sql.get("SELECT 1 FROM conversation WHERE id = ?", conversationId) === undefined) return;
  const last = sql.get(
    "SELECT id, chosen FROM turn WHERE conversation_id = ? ORDER BY chosen DESC LIMIT 1",
    conversationId,
  );
  const { parent = last === undefined ? null : text(last, "id"), variantOf = null } = place ?? {};
  const chosen = last === undefined ? 1 : int(last, "chosen") + 1;
  sql.run(
    `INSERT INTO turn
       (conversation_id, id, at_ms, turn_json, search_text, answered, cost, nano, parent, variant_of, chosen)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (conversation_id, id) DO UPDATE SET
       at_ms = excluded.at_ms, turn_json = excluded.turn_json, search_text = excluded.search_text,
       answered = excluded.answered, cost = excluded.cost, nano = excluded.nano`,
    ...[conversationId, id, atMs, JSON.stringify(turn), searchText(searchedText(turn))],
    ...[Number(answer.summary?.modelUsed !== undefined), cost?.kind ?? null],
    cost === undefined || cost.kind === "unknown" ? null : cost.nanoUsd,
    ...[parent, variantOf, chosen],
  );
  sql.run("UPDATE conversation SET updated_ms = max(updated_ms, ?) WHERE id = ?", atMs, conversationId);
  sql.run(
    `UPDATE conversation SET last_ending = ?1
     WHERE id = ?2 AND ?3 = (SELECT id FROM turn WHERE conversation_id = ?2 ORDER BY chosen DESC LIMIT 1)`,
    ...[endingOf(turn), conversationId, id],
  );
}

/** Returns how an answer ended, as `conversation.last_ending` has it. */
function endingOf({ answer }: Turn): string | null {
  const ending = answer.summary?.ending;
  if (ending?.kind === "stopped" && ending.interrupted === true) return "interrupted";
  return ending?.kind ?? null;
}

/** Makes a turn the one that is shown in its place. */
export function chooseTurn(sql: Sql, conversationId: string, turnId: string): void {
  sql.run(
    `UPDATE turn SET chosen = (SELECT max(chosen) + 1 FROM turn WHERE conversation_id = ?1)
     WHERE conversation_id = ?1 AND id = ?2`,
    ...[conversationId, turnId],
  );
}

/** Deletes a turn, and its conversation together with the last one. Turns after it follow the one before it. */
export function deleteTurn(sql: Sql, conversationId: string, turnId: string): void {
  sql.run(
    `UPDATE turn SET parent = (SELECT parent FROM turn WHERE conversation_id = ?1 AND id = ?2)
     WHERE conversation_id = ?1 AND parent = ?2`,
    ...[conversationId, turnId],
  );
  sql.run("DELETE FROM turn WHERE conversation_id = ? AND id = ?", conversationId, turnId);
  sql.run(
    "DELETE FROM conversation WHERE id = ? AND NOT EXISTS (SELECT 1 FROM turn WHERE conversation_id = conversation.id)",
    conversationId,
  );
  const last = sql.get(
    "SELECT turn_json FROM turn WHERE conversation_id = ? ORDER BY chosen DESC LIMIT 1",
    conversationId,
  );
  if (last === undefined) return;
  const ending = endingOf(json<Turn>(last, "turn_json"));
  sql.run("UPDATE conversation SET last_ending = ? WHERE id = ?", ending, conversationId);
}

export function hiddenSummaries(sql: Sql, id: string, shown: readonly string[]): readonly AnswerSummary[] {
  return sql
    .all(
      `SELECT turn_json FROM turn WHERE conversation_id = ? AND id NOT IN (SELECT value FROM json_each(?))`,
      ...[id, JSON.stringify(shown)],
    )
    .flatMap((row) => json<Turn>(row, "turn_json").answer.summary ?? []);
}

/** Returns the conversation's title; undefined if there is none. */
export function setRemoved(sql: Sql, id: string, removed: boolean): string | undefined {
  const row = sql.get(
    "UPDATE conversation SET removed = ? WHERE id = ? RETURNING title",
    Number(removed),
    id,
  );
  return row === undefined ? undefined : text(row, "title");
}

/** Pins or unpins a conversation. */
export function setPinned(sql: Sql, id: string, pinned: boolean): void {
  sql.run("UPDATE conversation SET pinned = ? WHERE id = ?", Number(pinned), id);
}

/** Stores the model and the reasoning effort that the user chose for a conversation. */
export function setChoice(sql: Sql, id: string, { model, effort }: ModelChoice): void {
  sql.run(
    "UPDATE conversation SET picked_model = ?, effort = ? WHERE id = ?",
    ...[model ?? null, effort ?? null, id],
  );
}

/** Stores whether a conversation has an answer that was not seen. */
export function setUnread(sql: Sql, id: string, unread: boolean): void {
  sql.run("UPDATE conversation SET unread = ?1 WHERE id = ?2 AND unread <> ?1", Number(unread), id);
}

export function isUnread(sql: Sql, id: string): boolean {
  return sql.get("SELECT 1 FROM conversation WHERE id = ? AND unread = 1 AND removed = 0", id) !== undefined;
}

/** Returns a number that differs after a change of the conversation or of its turns; undefined if there is none. */
export function changeOf(sql: Sql, id: string): number | undefined {
  const row = sql.get("SELECT change FROM conversation WHERE id = ? AND removed = 0", id);
  return row === undefined ? undefined : int(row, "change");
}

/** Returns a conversation with the turns that are shown; undefined if it does not exist. */
export function conversationById(sql: Sql, id: string): Conversation | undefined {
  const row = sql.get(
    "SELECT id, title, created_ms, updated_ms, is_private, left_out, pinned, picked_model, effort FROM conversation WHERE id = ? AND removed = 0",
    id,
  );
  if (row === undefined) return undefined;
  const turns = sql.all(
    "SELECT id, parent, variant_of, chosen, turn_json FROM turn WHERE conversation_id = ? ORDER BY rowid",
    id,
  );
  const tree = turns.map(placeIn);
  const turnsById = new Map(turns.map((turn) => [text(turn, "id"), turn]));
  const shown = activePath(tree).map((turnId) => turnsById.get(turnId) ?? {});
  return {
    id,
    title: text(row, "title"),
    createdAtMs: int(row, "created_ms"),
    updatedAtMs: int(row, "updated_ms"),
    isPrivate: int(row, "is_private") === 1,
    turns: shown.map((turn) => json<Turn>(turn, "turn_json")),
    tree: shown.length === tree.length ? undefined : tree,
    leftOut: int(row, "left_out") || undefined,
    choice: choiceIn(row),
    isPinned: int(row, "pinned") === 1 || undefined,
  };
}

function choiceIn(row: Row): ModelChoice | undefined {
  const model = optionalText(row, "picked_model");
  const effort = EFFORT_LEVELS.find((level) => level === optionalText(row, "effort"));
  return model === undefined && effort === undefined ? undefined : { model, effort };
}

function placeIn(row: Row): TurnPlace {
  return {
    id: text(row, "id"),
    parent: optionalText(row, "parent") ?? null,
    variantOf: optionalText(row, "variant_of") ?? null,
    chosen: int(row, "chosen"),
  };
}

/** Turns are inserted in the order of their prompts, so the newest have the highest row ids. */
export function recentPrompts(sql: Sql, limit: number): readonly RecentPrompt[] {
  const rows = sql.all(
    `SELECT turn_json ->> '$.prompt.text' AS text, turn_json ->> '$.prompt.command' AS command,
       turn_json ->> '$.prompt.instructions' AS instructions
     FROM turn JOIN conversation ON conversation.id = turn.conversation_id
     WHERE removed = 0 ORDER BY turn.rowid DESC LIMIT ?`,
    limit,
  );
  return rows.map((row) => ({
    text: text(row, "text"),
    command: optionalText(row, "command"),
    instructions: optionalText(row, "instructions"),
  }));
}

/** Permanently deletes removed conversations, and those last used before a time that are not pinned. */
export async function deleteConversationsBefore(database: Database, ms: number): Promise<void> {
  await database.deleteInBatches((sql, limit) => {
    const ids = sql
      .all(
        "SELECT id FROM conversation WHERE removed = 1 OR (updated_ms < ? AND pinned = 0) LIMIT ?",
        ms,
        limit,
      )
      .map((row) => text(row, "id"));
    for (const id of ids) {
      sql.run("DELETE FROM conversation WHERE id = ?", id);
      sql.run("DELETE FROM turn WHERE conversation_id = ?", id);
    }
    return ids.length;
  });
}
