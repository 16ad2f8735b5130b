import type { AnswerSummary } from "../../../contract/answer.ts";
import type {
  Conversation,
  ConversationRow,
  ModelChoice,
  Turn,
  TurnPlace,
} from "../../../contract/conversation.ts";
import type {
  AnswerLength,
  CheckRecord,
  DecisionRecord,
  ExperimentCounts,
  ExperimentMetric,
  History,
  OutcomeKind,
  RecentPrompt,
  RunningTurn,
  UnitValues,
} from "../../../contract/history.ts";
import type { Lease } from "../budget/lease.ts";
import { deleteSpendBefore } from "../budget/spend.ts";
import type { Changes } from "../core/changes.ts";
import type { Database } from "../core/database.ts";
import type { Sql } from "../core/sql.ts";
import type { WriteBehindQueue } from "../core/writeBehindQueue.ts";
import { checkRecords } from "./checkedEdits.ts";
import {
  type Asker,
  abandonTurn,
  claimTurn,
  type ProcessIdentity,
  requestStop,
  runningTurn,
  stopRequests,
} from "./conversations/answering.ts";
import { conversationRows } from "./conversations/conversationList.ts";
import {
  changeOf,
  chooseTurn,
  conversationById,
  deleteConversationsBefore,
  deleteTurn,
  hiddenSummaries,
  isUnread,
  recentPrompts,
  setChoice,
  setPinned,
  setRemoved,
  setUnread,
  touchConversation,
  upsertConversation,
  upsertTurn,
} from "./conversations/conversations.ts";
import { insertConversation, wholeConversation } from "./conversations/wholeConversation.ts";
import {
  decisionById,
  deleteDecisionsBefore,
  deleteOutcome,
  insertDecision,
  updateSummary,
  upsertOutcome,
} from "./decisions.ts";
import { saveVectors, vectorsOf } from "./embeddings.ts";
import { experimentCounts, experimentValues } from "./experiments.ts";
import { KnownLengths } from "./knownLengths.ts";

const DAY_MS = 86_400_000;

export type HistoryParts = {
  readonly database: Database;
  readonly queue: WriteBehindQueue;
  readonly changes: Changes;
  readonly lease: Lease;
  readonly process: ProcessIdentity;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/**
 * The history in SQLite. Decisions and summaries are written in the background, a summary together with its decision if
 * that is not written yet; reads through this object include them. All other writes are done when their promise resolves.
 */
export class SqliteHistory implements History {
  readonly #parts: HistoryParts;
  readonly #database: Database;
  readonly #queue: WriteBehindQueue;
  /** The summaries of decisions that are not written yet. */
  readonly #unwritten = new Map<string, { summary?: AnswerSummary | undefined }>();
  readonly #lengths: KnownLengths;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
    this.#database = parts.database;
    this.#queue = parts.queue;
    this.#lengths = new KnownLengths(parts.database, parts.now);
  }

  async saveDecision(record: Omit<DecisionRecord, "summary">): Promise<void> {
    const { id } = record.decision;
    const later: { summary?: AnswerSummary | undefined } = {};
    this.#unwritten.set(id, later);
    this.#queue.add(
      (sql) => {
        // From here on a summary is a write of its own, even if this one has to be repeated.
        this.#unwritten.delete(id);
        insertDecision(sql, { ...record, summary: later.summary });
      },
      () => {
        this.#unwritten.delete(id);
        this.#lengths.outdate();
      },
    );
  }

  async saveSummary(summary: AnswerSummary): Promise<void> {
    const decision = this.#unwritten.get(summary.decisionId);
    if (decision !== undefined) decision.summary = summary;
    else
      this.#queue.add(
        (sql) => updateSummary(sql, summary),
        () => this.#lengths.outdate(),
      );
  }

  async decision(id: string): Promise<DecisionRecord | undefined> {
    await this.#queue.flush();
    return await this.#database.read((sql) => decisionById(sql, id));
  }

  async answerLengths(
    routes: readonly string[],
    command: string | undefined,
  ): Promise<readonly AnswerLength[]> {
    return this.#lengths.of(routes, command);
  }

  async saveOutcome(decisionId: string, kind: OutcomeKind, score: number): Promise<void> {
    await this.#queue.flush();
    await this.#database.write((sql) => upsertOutcome(sql, decisionId, kind, score));
  }

  async removeOutcome(decisionId: string, kind: OutcomeKind): Promise<void> {
    await this.#database.write((sql) => deleteOutcome(sql, decisionId, kind));
  }

  async checkRecords(routes: readonly string[]): Promise<readonly CheckRecord[]> {
    return await this.#database.read((sql) => checkRecords(sql, routes));
  }

  async experiments(): Promise<readonly ExperimentCounts[]> {
    await this.#queue.flush();
    return await this.#database.read(experimentCounts);
  }

  async experimentValues(name: string, metric: ExperimentMetric): Promise<UnitValues> {
    await this.#queue.flush();
    return await this.#database.read((sql) => experimentValues(sql, name, metric));
  }

  async embeddings(embedder: string, texts: readonly string[]): Promise<ReadonlyMap<string, Float32Array>> {
    return await this.#database.read((sql) => vectorsOf(sql, embedder, texts));
  }

  async saveEmbeddings(embedder: string, vectors: ReadonlyMap<string, Float32Array>): Promise<void> {
    await this.#database.write((sql) => saveVectors(sql, embedder, vectors));
  }

  async saveConversation(conversation: Omit<Conversation, "turns">): Promise<void> {
    await this.#writeConversations((sql) => upsertConversation(sql, conversation));
  }

  async beginTurn(
    conversation: Omit<Conversation, "turns">,
    turn: Turn,
    place?: Pick<TurnPlace, "parent" | "variantOf">,
  ): Promise<boolean> {
    const asker = this.#asker();
    const isBegun = await this.#writeConversations((sql) => {
      if (!claimTurn(sql, conversation.id, turn.id, asker)) return false;
      this.#parts.lease.renew(sql, asker.nowMs);
      touchConversation(sql, conversation);
      upsertTurn(sql, conversation.id, turn, place);
      return true;
    });
    if (isBegun) this.#parts.lease.renewed(asker.nowMs);
    return isBegun;
  }

  async abandonTurn(conversationId: string, turnId: string): Promise<void> {
    const { id } = this.#parts.lease;
    await this.#writeConversations((sql) => abandonTurn(sql, conversationId, turnId, id));
  }

  async saveTurn(
    conversationId: string,
    turn: Turn,
    place?: Pick<TurnPlace, "parent" | "variantOf">,
  ): Promise<void> {
    await this.#writeConversations((sql) => upsertTurn(sql, conversationId, turn, place));
  }

  async showTurn(conversationId: string, turnId: string): Promise<void> {
    await this.#writeConversations((sql) => chooseTurn(sql, conversationId, turnId));
  }

  async removeTurn(conversationId: string, turnId: string): Promise<void> {
    await this.#writeConversations((sql) => deleteTurn(sql, conversationId, turnId));
  }

  async conversation(id: string): Promise<Conversation | undefined> {
    return await this.#database.read((sql) => conversationById(sql, id));
  }

  async hiddenSummaries(id: string, shown: readonly string[]): Promise<readonly AnswerSummary[]> {
    return await this.#database.read((sql) => hiddenSummaries(sql, id, shown));
  }

  async runningTurn(conversationId: string): Promise<RunningTurn | undefined> {
    return await this.#database.read((sql) => runningTurn(sql, conversationId, this.#asker()));
  }

  async requestStop(conversationId: string): Promise<void> {
    await this.#writeConversations((sql) => requestStop(sql, conversationId));
  }

  async stopRequests(): Promise<readonly string[]> {
    return await this.#database.read((sql) => stopRequests(sql, this.#parts.lease.id));
  }

  async setUnread(conversationId: string, unread: boolean): Promise<void> {
    await this.#writeConversations((sql) => setUnread(sql, conversationId, unread));
  }

  async isUnread(conversationId: string): Promise<boolean> {
    return await this.#database.read((sql) => isUnread(sql, conversationId));
  }

  async changeOf(conversationId: string): Promise<number | undefined> {
    return await this.#database.read((sql) => changeOf(sql, conversationId));
  }

  onConversationsChange(listener: () => void): () => void {
    return this.#parts.changes.on("conversations", listener);
  }

  async conversations(query: string, limit: number): Promise<readonly ConversationRow[]> {
    return await this.#database.read((sql) => conversationRows(sql, query, limit, this.#asker()));
  }

  async wholeConversation(id: string): Promise<Conversation | undefined> {
    return await this.#database.read((sql) => wholeConversation(sql, id));
  }

  async addConversation(conversation: Conversation): Promise<boolean> {
    return await this.#writeConversations((sql) => insertConversation(sql, conversation));
  }

  async chooseModel(id: string, choice: ModelChoice): Promise<void> {
    await this.#writeConversations((sql) => setChoice(sql, id, choice));
  }

  async pinConversation(id: string, isPinned: boolean): Promise<void> {
    await this.#writeConversations((sql) => setPinned(sql, id, isPinned));
  }

  async recentPrompts(limit: number): Promise<readonly RecentPrompt[]> {
    return await this.#database.read((sql) => recentPrompts(sql, limit));
  }

  async removeConversation(id: string): Promise<string | undefined> {
    return await this.#writeConversations((sql) => setRemoved(sql, id, true));
  }

  async restoreConversation(id: string): Promise<void> {
    await this.#writeConversations((sql) => setRemoved(sql, id, false));
  }

  async #writeConversations<T>(body: (sql: Sql) => T): Promise<T> {
    const result = await this.#database.write(body);
    this.#parts.changes.own("conversations");
    return result;
  }

  #asker(): Asker {
    const { process, lease, now } = this.#parts;
    return { process, lease: lease.id, nowMs: now() };
  }

  async forget(
    keep: { readonly conversationDays: number; readonly historyDays: number },
    nowMs: number,
  ): Promise<void> {
    await this.#queue.flush();
    const historyFromMs = nowMs - keep.historyDays * DAY_MS;
    await deleteConversationsBefore(this.#database, nowMs - keep.conversationDays * DAY_MS);
    await deleteDecisionsBefore(this.#database, historyFromMs);
    await deleteSpendBefore(this.#database, historyFromMs);
  }
}
