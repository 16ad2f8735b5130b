import type { AnswerSummary } from "../../../contract/answer.ts";
import type { Conversation, ConversationRow, Turn, TurnPlace } from "../../../contract/conversation.ts";
import type {
  AnswerLength,
  DecisionRecord,
  ExperimentCounts,
  ExperimentMetric,
  History,
  UnitValues,
} from "../../../contract/history.ts";
import { deleteSpendBefore } from "../budget/spend.ts";
import type { Database } from "../core/database.ts";
import { bytes } from "../core/sql.ts";
import type { WriteBehindQueue } from "../core/writeBehindQueue.ts";
import { conversationRows } from "./conversationList.ts";
import {
  chooseTurn,
  conversationById,
  deleteConversationsBefore,
  deleteTurn,
  insertConversation,
  setPinned,
  setRemoved,
  upsertConversation,
  upsertTurn,
} from "./conversations.ts";
import {
  answerLengths,
  decisionById,
  deleteDecisionsBefore,
  deleteOutcome,
  insertDecision,
  updateSummary,
  upsertOutcome,
} from "./decisions.ts";
import { experimentCounts, experimentValues } from "./experiments.ts";

const DAY_MS = 86_400_000;

/** How long lengths are reused while this process has new answers. */
const LENGTHS_MS = 500;

/**
 * The history in SQLite. Decisions and summaries are written in the background, a summary together with its decision if
 * that is not written yet; reads through this object include them. All other writes are done when their promise resolves.
 */
export class SqliteHistory implements History {
  readonly #database: Database;
  readonly #queue: WriteBehindQueue;
  /** The summaries of decisions that are not written yet. */
  readonly #unwritten = new Map<string, { summary?: AnswerSummary | undefined }>();
  /** Lengths of answers by the arguments: every decision reads all of them. */
  readonly #lengths = new Map<string, readonly AnswerLength[]>();
  #areLengthsStale = false;
  #lengthsReadMs = 0;

  constructor(database: Database, queue: WriteBehindQueue) {
    this.#database = database;
    this.#queue = queue;
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
        this.#areLengthsStale = true;
      },
    );
  }

  async saveSummary(summary: AnswerSummary): Promise<void> {
    const decision = this.#unwritten.get(summary.decisionId);
    if (decision !== undefined) decision.summary = summary;
    else
      this.#queue.add(
        (sql) => updateSummary(sql, summary),
        () => {
          this.#areLengthsStale = true;
        },
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
    const nowMs = performance.now();
    if (this.#areLengthsStale && nowMs - this.#lengthsReadMs > LENGTHS_MS) {
      this.#lengths.clear();
      this.#areLengthsStale = false;
      this.#lengthsReadMs = nowMs;
    }
    const key = [command, ...routes].join("\n");
    const known = this.#lengths.get(key);
    if (known !== undefined) return known;
    const lengths = await this.#database.read((sql) => answerLengths(sql, routes, command));
    this.#lengths.set(key, lengths);
    return lengths;
  }

  async saveOutcome(decisionId: string, kind: string, score: number): Promise<void> {
    await this.#database.write((sql) => upsertOutcome(sql, decisionId, kind, score));
  }

  async removeOutcome(decisionId: string, kind: string): Promise<void> {
    await this.#database.write((sql) => deleteOutcome(sql, decisionId, kind));
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
    return await this.#database.read((sql) => {
      const found = new Map<string, Float32Array>();
      for (const text of texts) {
        const row = sql.get("SELECT vector FROM embedding WHERE embedder = ? AND text = ?", embedder, text);
        if (row !== undefined) found.set(text, new Float32Array(bytes(row, "vector").slice().buffer));
      }
      return found;
    });
  }

  async saveEmbeddings(embedder: string, vectors: ReadonlyMap<string, Float32Array>): Promise<void> {
    await this.#database.write((sql) => {
      for (const [text, { buffer, byteOffset, byteLength }] of vectors) {
        sql.run(
          "INSERT OR REPLACE INTO embedding (embedder, text, vector) VALUES (?, ?, ?)",
          ...[embedder, text, new Uint8Array(buffer, byteOffset, byteLength)],
        );
      }
    });
  }

  async saveConversation(conversation: Omit<Conversation, "turns">): Promise<void> {
    await this.#database.write((sql) => upsertConversation(sql, conversation));
  }

  async saveTurn(
    conversationId: string,
    turn: Turn,
    place?: Pick<TurnPlace, "parent" | "variantOf">,
  ): Promise<void> {
    await this.#database.write((sql) => upsertTurn(sql, conversationId, turn, place));
  }

  async showTurn(conversationId: string, turnId: string): Promise<void> {
    await this.#database.write((sql) => chooseTurn(sql, conversationId, turnId));
  }

  async removeTurn(conversationId: string, turnId: string): Promise<void> {
    await this.#database.write((sql) => deleteTurn(sql, conversationId, turnId));
  }

  async conversation(id: string): Promise<Conversation | undefined> {
    return await this.#database.read((sql) => conversationById(sql, id));
  }

  async conversations(query: string, limit: number): Promise<readonly ConversationRow[]> {
    return await this.#database.read((sql) => conversationRows(sql, query, limit));
  }

  async addConversation(conversation: Conversation): Promise<boolean> {
    return await this.#database.write((sql) => insertConversation(sql, conversation));
  }

  async pinConversation(id: string, isPinned: boolean): Promise<void> {
    await this.#database.write((sql) => setPinned(sql, id, isPinned));
  }

  async removeConversation(id: string): Promise<string | undefined> {
    return await this.#database.write((sql) => setRemoved(sql, id, true));
  }

  async restoreConversation(id: string): Promise<void> {
    await this.#database.write((sql) => setRemoved(sql, id, false));
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
