import type { AnswerSummary } from "../../contract/answer.ts";
import type { Conversation, ConversationRow, Turn } from "../../contract/conversation.ts";
import type {
  DecisionRecord,
  ExperimentCounts,
  ExperimentMetric,
  History,
  UnitValues,
} from "../../contract/history.ts";
import {
  conversationById,
  conversationRows,
  deleteTurn,
  setRemoved,
  upsertConversation,
  upsertTurn,
} from "./conversations.ts";
import type { Database } from "./database.ts";
import {
  decisionById,
  deleteOutcome,
  insertDecision,
  insertOutcome,
  medianOutputs,
  updateSummary,
} from "./decisions.ts";
import { embeddingsOf, insertEmbeddings } from "./embeddings.ts";
import { experimentCounts, experimentValues } from "./experiments.ts";
import { forgetConversations, forgetDecisions } from "./forget.ts";
import type { LaterWrites } from "./laterWrites.ts";

const DAY_MS = 86_400_000;

/** How long medians hold while answers come thick and fast. */
const MEDIANS_MS = 500;

/**
 * Decisions and conversations in SQLite; writes of one process are kept in the order in which they are asked for. What
 * an answer brings by itself is written a moment later, its end with its decision, and its readers here see it at once.
 */
export class SqliteHistory implements History {
  readonly #database: Database;
  readonly #later: LaterWrites;
  /** Decisions that are not written yet: how they end is written with them. */
  readonly #unwritten = new Map<string, { summary?: AnswerSummary }>();
  /** Medians as they were a moment ago, or when this process last wrote an answer: every decision asks for all of them. */
  readonly #medians = new Map<string, ReadonlyMap<string, number>>();
  #haveMediansChanged = false;
  #mediansReadMs = 0;

  constructor(database: Database, later: LaterWrites) {
    this.#database = database;
    this.#later = later;
  }

  async saveDecision(record: Omit<DecisionRecord, "summary">): Promise<void> {
    const { id } = record.decision;
    const ending: { summary?: AnswerSummary } = {};
    this.#unwritten.set(id, ending);
    this.#later.add(
      (sql) => {
        // From here on an ending comes too late, also where this has to be written once more.
        this.#unwritten.delete(id);
        insertDecision(sql, { ...record, ...ending });
      },
      () => {
        this.#unwritten.delete(id);
        this.#haveMediansChanged = true;
      },
    );
  }

  async saveSummary(summary: AnswerSummary): Promise<void> {
    const ending = this.#unwritten.get(summary.decisionId);
    if (ending !== undefined) ending.summary = summary;
    else
      this.#later.add(
        (sql) => updateSummary(sql, summary),
        () => {
          this.#haveMediansChanged = true;
        },
      );
  }

  async saveOutcome(decisionId: string, kind: string, score: number): Promise<void> {
    await this.#database.write((sql) => insertOutcome(sql, decisionId, kind, score));
  }

  async decision(id: string): Promise<DecisionRecord | undefined> {
    await this.#later.flush();
    return await this.#database.read((sql) => decisionById(sql, id));
  }

  async medianOutputTokens(
    routes: readonly string[],
    command: string | undefined,
    atLeast: number,
  ): Promise<ReadonlyMap<string, number>> {
    const nowMs = performance.now();
    if (this.#haveMediansChanged && nowMs - this.#mediansReadMs > MEDIANS_MS) {
      this.#medians.clear();
      this.#haveMediansChanged = false;
      this.#mediansReadMs = nowMs;
    }
    const key = [atLeast, command, ...routes].join("\n");
    const known = this.#medians.get(key);
    if (known !== undefined) return known;
    const medians = await this.#database.read((sql) => medianOutputs(sql, routes, command, atLeast));
    this.#medians.set(key, medians);
    return medians;
  }

  async experiments(): Promise<readonly ExperimentCounts[]> {
    await this.#later.flush();
    return await this.#database.read(experimentCounts);
  }

  async experimentValues(name: string, metric: ExperimentMetric): Promise<UnitValues> {
    await this.#later.flush();
    return await this.#database.read((sql) => experimentValues(sql, name, metric));
  }

  async embeddings(embedder: string, texts: readonly string[]): Promise<ReadonlyMap<string, Float32Array>> {
    return await this.#database.read((sql) => embeddingsOf(sql, embedder, texts));
  }

  async saveEmbeddings(embedder: string, vectors: ReadonlyMap<string, Float32Array>): Promise<void> {
    await this.#database.write((sql) => insertEmbeddings(sql, embedder, vectors));
  }

  async removeOutcome(decisionId: string, kind: string): Promise<void> {
    await this.#database.write((sql) => deleteOutcome(sql, decisionId, kind));
  }

  async saveConversation(conversation: Omit<Conversation, "turns">): Promise<void> {
    await this.#database.write((sql) => upsertConversation(sql, conversation));
  }

  async saveTurn(conversationId: string, turn: Turn): Promise<void> {
    await this.#database.write((sql) => upsertTurn(sql, conversationId, turn));
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

  async removeConversation(id: string): Promise<void> {
    await this.#database.write((sql) => setRemoved(sql, id, true));
  }

  async restoreConversation(id: string): Promise<void> {
    await this.#database.write((sql) => setRemoved(sql, id, false));
  }

  async forget(
    keep: { readonly conversationDays: number; readonly historyDays: number },
    nowMs: number,
  ): Promise<void> {
    await this.#later.flush();
    await forgetConversations(this.#database, nowMs - keep.conversationDays * DAY_MS);
    await forgetDecisions(this.#database, nowMs - keep.historyDays * DAY_MS);
  }
}
