import type { ConversationRow, Turn } from "../../../../contract/conversation.ts";
import { sumOf } from "../../budget/room.ts";
import { int, json, type Row, type Sql, text } from "../../core/sql.ts";
import { type Asker, runningConversations, statusOf } from "./answering.ts";

/** A search takes this many words; the others are ignored. */
const MOST_WORDS = 10;

/** A snippet has about this many characters before the found word, and altogether. The list shows one line of it. */
const SNIPPET_BEFORE = 24;
const SNIPPET_LENGTH = 120;

/** Lower case by Unicode's rules; SQLite's own functions know those of ASCII only. */
export function searchText(source: string): string {
  return source.normalize("NFC").toLowerCase();
}

/** What a search finds of a turn. */
export function searchedText({ prompt, answer }: Turn): string {
  return `${prompt.text}\n${answer.text}`;
}

/**
 * Pinned conversations first, then the newest. A query is a list of words: each occurs in the title, a prompt or an
 * answer, literally and in any case.
 */
export function conversationRows(
  sql: Sql,
  query: string,
  limit: number,
  asker: Asker,
): readonly ConversationRow[] {
  const running = runningConversations(sql, asker);
  const words = [...new Set(searchText(query).split(/\s+/u))].filter((word) => word !== "");
  const found = sql.all(
    `SELECT id, title, updated_ms, is_private, pinned, unread, last_ending, search_text FROM conversation
     WHERE removed = 0 AND NOT EXISTS (
       SELECT 1 FROM json_each(?1) AS word
       WHERE instr(conversation.search_text, word.value) = 0 AND NOT EXISTS (
         SELECT 1 FROM turn WHERE conversation_id = conversation.id AND instr(turn.search_text, word.value) > 0))
     ORDER BY pinned DESC, updated_ms DESC, rowid DESC LIMIT ?2`,
    ...[JSON.stringify(words.slice(0, MOST_WORDS)), limit],
  );
  return found.map((row) => {
    const id = text(row, "id");
    const title = text(row, "search_text");
    const missing = words.find((word) => !title.includes(word));
    return {
      id,
      title: text(row, "title"),
      updatedAtMs: int(row, "updated_ms"),
      isPrivate: int(row, "is_private") === 1,
      isPinned: int(row, "pinned") === 1 || undefined,
      status: statusOf(row, running),
      snippet: missing === undefined ? undefined : snippetOf(sql, id, [searchText(query.trim()), missing]),
      ...totalsOf(sql, id),
    };
  });
}

/** A part of a conversation's text around the first of these texts that occurs in a turn. */
function snippetOf(sql: Sql, conversationId: string, sought: readonly string[]): string | undefined {
  for (const each of new Set(sought)) {
    const row = sql.get(
      "SELECT turn_json FROM turn WHERE conversation_id = ? AND instr(search_text, ?) > 0 ORDER BY at_ms LIMIT 1",
      ...[conversationId, each],
    );
    if (row !== undefined) return cutAround(searchedText(json<Turn>(row, "turn_json")), each);
  }
  return undefined;
}

/** The lines that begin and end code in Markdown, with the language. */
const FENCES = /^[ \t]*(?:`{3,}|~~~)[^\n`]*$/gmu;

/** Cuts a text around a place, between words where it can, into one line. */
function cutAround(source: string, sought: string): string {
  // Lower case has another length for a few characters: then the place is off by that much.
  const at = searchText(source).indexOf(sought);
  const oneLine = (part: string) => part.replace(FENCES, "").replace(/\s+/gu, " ");
  const before = oneLine(source.slice(0, at)).trimStart();
  const after = oneLine(source.slice(at, at + SNIPPET_LENGTH));
  const start = before.length <= SNIPPET_BEFORE ? 0 : before.indexOf(" ", before.length - SNIPPET_BEFORE) + 1;
  const kept =
    start === 0 && before.length > SNIPPET_BEFORE ? before.slice(-SNIPPET_BEFORE) : before.slice(start);
  const isWhole = kept.length === before.length;
  return `${isWhole ? "" : "… "}${kept}${after.trimEnd()}${at + SNIPPET_LENGTH < source.length ? " …" : ""}`;
}

function totalsOf(
  sql: Sql,
  conversationId: string,
): Pick<ConversationRow, "answers" | "nanoUsd" | "costKind"> {
  const row: Row = {
    ...sql.get(
      `SELECT coalesce(sum(answered), 0) AS answers, ${sumOf("nano")} AS nano,
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
