import { hostname } from "node:os";
import type { ConversationRow } from "../../../../contract/conversation.ts";
import type { RunningTurn } from "../../../../contract/history.ts";
import { EXPIRY_MS } from "../../budget/lease.ts";
import { int, type Row, type Sql, text } from "../../core/sql.ts";

/** This process, as other processes of the machine identify it. */
export type ProcessIdentity = {
  readonly host: string;
  readonly pid: number;
  /** Whether a process of this machine is running. */
  readonly isAlive: (pid: number) => boolean;
};

export const nodeProcess: ProcessIdentity = {
  get host() {
    return hostname();
  },
  pid: process.pid,
  isAlive(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      // EPERM: the process exists and belongs to another user.
      return error instanceof Error && "code" in error && error.code === "EPERM";
    }
  },
};

/** Who asks: the process, its lease, and the time. */
export type Asker = { readonly process: ProcessIdentity; readonly lease: string; readonly nowMs: number };

/**
 * Records that a process writes the answer of a turn. Its lease must be renewed in the same transaction. Returns false,
 * and records nothing, while another running process writes an answer in the conversation.
 */
export function claimTurn(sql: Sql, conversationId: string, turnId: string, asker: Asker): boolean {
  const running = runningTurn(sql, conversationId, asker);
  if (running !== undefined && !running.isOwn) return false;
  sql.run(
    "INSERT OR REPLACE INTO answering (conversation_id, turn_id, lease, host, pid) VALUES (?, ?, ?, ?, ?)",
    ...[conversationId, turnId, asker.lease, asker.process.host, asker.process.pid],
  );
  return true;
}

/** Withdraws the claim of the process with this lease. */
export function abandonTurn(sql: Sql, conversationId: string, turnId: string, lease: string): void {
  sql.run(
    "DELETE FROM answering WHERE conversation_id = ? AND turn_id = ? AND lease = ?",
    ...[conversationId, turnId, lease],
  );
}

/** Asks the process that writes an answer in the conversation to stop. */
export function requestStop(sql: Sql, conversationId: string): void {
  sql.run("UPDATE answering SET stop = 1 WHERE conversation_id = ?", conversationId);
}

/** Returns the ids of the conversations in which the process with this lease is asked to stop. */
export function stopRequests(sql: Sql, lease: string): readonly string[] {
  const rows = sql.all("SELECT conversation_id FROM answering WHERE lease = ? AND stop = 1", lease);
  return rows.map((row) => text(row, "conversation_id"));
}

/** Returns the turn whose answer is being written. The claim of a dead process counts no more. */
export function runningTurn(sql: Sql, conversationId: string, asker: Asker): RunningTurn | undefined {
  const row = sql.get(`${CLAIMS} WHERE conversation_id = ?`, conversationId);
  if (row === undefined || !isAlive(row, asker)) return undefined;
  return { turnId: text(row, "turn_id"), isOwn: text(row, "lease") === asker.lease };
}

/** Returns the ids of all conversations in which an answer is being written. */
export function runningConversations(sql: Sql, asker: Asker): ReadonlySet<string> {
  const alive = sql.all(CLAIMS).filter((row) => isAlive(row, asker));
  return new Set(alive.map((row) => text(row, "conversation_id")));
}

const CLAIMS =
  "SELECT conversation_id, turn_id, answering.lease, host, pid, renewed_ms FROM answering LEFT JOIN lease ON lease.id = answering.lease";

/** A killed process is noticed at once by its id; where that cannot be looked up, by its lease within a minute. */
function isAlive(row: Row, { process: own, lease, nowMs }: Asker): boolean {
  if (text(row, "lease") === lease) return true;
  if (row["renewed_ms"] === null || Math.abs(nowMs - int(row, "renewed_ms")) > EXPIRY_MS) return false;
  return text(row, "host") !== own.host || own.isAlive(int(row, "pid"));
}

/** Returns what the list shows of a conversation's last answer, from the columns `unread` and `last_ending`. */
export function statusOf(row: Row, running: ReadonlySet<string>): ConversationRow["status"] {
  if (running.has(text(row, "id"))) return "running";
  switch (row["last_ending"]) {
    // No process writes it, so the one that did has ended.
    case null:
    case "interrupted":
    case "failed":
    case "not-sent":
      return "failed";
    default:
      return int(row, "unread") === 1 ? "unread" : undefined;
  }
}
