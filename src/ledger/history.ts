import type { AnswerSummary } from "../contract/answer.ts";
import type { Conversation, ConversationRow, Turn } from "../contract/conversation.ts";
import type { Decision } from "../contract/decision.ts";
import type { ExperimentCounts, ExperimentMetric, UnitValues } from "./experiments.ts";

/** What is remembered of a decision: never the prompt's text, unless the user wants it kept. */
export type DecisionRecord = {
  readonly decision: Decision;
  readonly summary?: AnswerSummary;
  readonly settingsHash: string;
  readonly promptText?: string;
};

/** What a decision was made in, as JSON: what seldom changes is kept once for all decisions that share it. */
export type Circumstances = {
  /** Of `seldom`. */
  readonly hash: string;
  readonly seldom: string;
  readonly moment: string;
};

/** Decisions, attempts and conversations: always on this machine. */
export type History = {
  /**
   * Kept a moment later, and seen at once by those who ask here: a process that is killed may lose what it decided last.
   * `circumstances` is asked for when it is written, off the answer's path.
   */
  saveDecision(record: Omit<DecisionRecord, "summary">, circumstances?: () => Circumstances): Promise<void>;
  /** What a decision can be made again from. */
  circumstances(decisionId: string): Promise<Circumstances | undefined>;
  /** Adds how it ended, a moment later too; the attempts are kept one by one. */
  saveSummary(summary: AnswerSummary): Promise<void>;
  /** A result for experiments: `thumbs`, `kept` …; one value per decision and kind, the last one holds. */
  saveOutcome(decisionId: string, kind: string, score: number): Promise<void>;
  /** Takes a result back. */
  removeOutcome(decisionId: string, kind: string): Promise<void>;
  decision(id: string): Promise<DecisionRecord | undefined>;
  /** The newest first. */
  decisions(limit: number): Promise<readonly DecisionRecord[]>;
  /**
   * The median output tokens of recent answers of each route for a command; none for a route with less than `atLeast` of
   * them. An answer is heeded half a second later at the latest, other processes' once this one has had one more.
   */
  medianOutputTokens(
    routes: readonly string[],
    command: string | undefined,
    atLeast: number,
  ): Promise<ReadonlyMap<string, number>>;

  /** Vectors that were kept for texts, by embedder. */
  embeddings(embedder: string, texts: readonly string[]): Promise<ReadonlyMap<string, Float32Array>>;
  saveEmbeddings(embedder: string, vectors: ReadonlyMap<string, Float32Array>): Promise<void>;
  /** The experiments that decisions took part in, the newest first. */
  experiments(): Promise<readonly ExperimentCounts[]>;
  /** One value per unit of an experiment, for each arm. */
  experimentValues(name: string, metric: ExperimentMetric): Promise<UnitValues>;

  saveConversation(conversation: Omit<Conversation, "turns">): Promise<void>;
  saveTurn(conversationId: string, turn: Turn): Promise<void>;
  /** Deletes a turn for good, and its conversation with the last one. */
  removeTurn(conversationId: string, turnId: string): Promise<void>;
  conversation(id: string): Promise<Conversation | undefined>;
  /** The newest first; with a query, those whose title or texts contain it. */
  conversations(query: string, limit: number): Promise<readonly ConversationRow[]>;
  /** Hides it; `restore` brings it back until `forget` is called or the next start. */
  removeConversation(id: string): Promise<void>;
  restoreConversation(id: string): Promise<void>;
  /** Deletes for good: removed conversations, and what is older than its days. */
  forget(
    keep: { readonly conversationDays: number; readonly historyDays: number },
    nowMs: number,
  ): Promise<void>;
};
