import type { AnswerSummary } from "../../contract/answer.ts";
import type { Conversation, ConversationRow, Turn } from "../../contract/conversation.ts";
import type { ExperimentCounts, ExperimentMetric, UnitValues } from "../experiments.ts";
import type { Circumstances, DecisionRecord, History } from "../history.ts";
import { circumstancesOf, insertCircumstances } from "./circumstances.ts";
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
  latestDecisions,
  medianOutput,
  updateSummary,
} from "./decisions.ts";
import { embeddingsOf, insertEmbeddings } from "./embeddings.ts";
import { experimentCounts, experimentValues } from "./experiments.ts";
import { forgetConversations, forgetDecisions } from "./forget.ts";

const DAY_MS = 86_400_000;

/** Decisions and conversations in SQLite; writes of one process are kept in the order in which they are asked for. */
export class SqliteHistory implements History {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async saveDecision(record: Omit<DecisionRecord, "summary">, circumstances?: Circumstances): Promise<void> {
    await this.#database.write((sql) => {
      insertDecision(sql, record);
      if (circumstances !== undefined) insertCircumstances(sql, record.decision.id, circumstances);
    });
  }

  async circumstances(decisionId: string): Promise<Circumstances | undefined> {
    return await this.#database.read((sql) => circumstancesOf(sql, decisionId));
  }

  async saveSummary(summary: AnswerSummary): Promise<void> {
    await this.#database.write((sql) => updateSummary(sql, summary));
  }

  async saveOutcome(decisionId: string, kind: string, score: number): Promise<void> {
    await this.#database.write((sql) => insertOutcome(sql, decisionId, kind, score));
  }

  async decision(id: string): Promise<DecisionRecord | undefined> {
    return await this.#database.read((sql) => decisionById(sql, id));
  }

  async decisions(limit: number): Promise<readonly DecisionRecord[]> {
    return await this.#database.read((sql) => latestDecisions(sql, limit));
  }

  async medianOutputTokens(
    route: string,
    command: string | undefined,
    atLeast: number,
  ): Promise<number | undefined> {
    return await this.#database.read((sql) => medianOutput(sql, route, command, atLeast));
  }

  async experiments(): Promise<readonly ExperimentCounts[]> {
    return await this.#database.read(experimentCounts);
  }

  async experimentValues(name: string, metric: ExperimentMetric): Promise<UnitValues> {
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
    await forgetConversations(this.#database, nowMs - keep.conversationDays * DAY_MS);
    await forgetDecisions(this.#database, nowMs - keep.historyDays * DAY_MS);
  }
}
