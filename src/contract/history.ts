import type { AnswerSummary } from "./answer.ts";
import type { Conversation, ConversationRow, ModelChoice, Prompt, Turn, TurnPlace } from "./conversation.ts";
import type { Decision, EscalationReason, ExperimentArm } from "./decision.ts";
import type { ModelRef } from "./model.ts";

/** A stored decision. The prompt's text is stored only if the user turned that on. */
export type DecisionRecord = {
  readonly decision: Decision;
  readonly summary?: AnswerSummary | undefined;
  readonly promptText?: string | undefined;
};

/**
 * A result of a decision, with a score of 1 or 0.
 *
 * - `thumbs`: whether the user liked the answer.
 * - `kept`: whether an edit stayed in its document. If not, it has `discarded` or `undone`, with 1.
 * - `check`: whether an edit passed its check. An edit that could not be checked has none.
 * - `auto`, 1: had the check failed, a stronger model would have tried without the user being asked.
 * - `escalated:…`, 1: the answer was not good enough, and why.
 */
export type OutcomeKind =
  | "thumbs"
  | "kept"
  | "discarded"
  | "undone"
  | "check"
  | "auto"
  | `escalated:${EscalationReason}`;

/**
 * How often the check of edits was right, for one route and language, by what the user did with them. Edits without `kept` or
 * `check` do not count, and none with `auto`: of those, the user would see only what the check passed. Nor does code of the
 * chat: the user has judged it before it is in the file.
 */
export type CheckRecord = {
  readonly route: string;
  /** VS Code's language id; empty if it is not known. */
  readonly language: string;
  /** The edits that were discarded or undone, and how many of them the check had rejected. */
  readonly wrong: number;
  readonly rejectedWrong: number;
  /** The edits that were kept, and how many of them the check had passed. */
  readonly right: number;
  readonly passedRight: number;
};

/** What an experiment compares. Values of `thumbs` and `kept` are 0 to 1; costs are dollars, latencies milliseconds. */
export type ExperimentMetric = "thumbs" | "kept" | "costUsd" | "latencyMs";

/**
 * One value per unit and arm, in the order of the units' first decisions: the mean over the unit's decisions that have a
 * value. A unit belongs to the arm of its first decision; decisions it made in the other arm, after the share was
 * raised, are excluded.
 */
export type UnitValues = Readonly<Record<ExperimentArm, readonly number[]>>;

/** Totals of one arm, whether or not its decisions have a value. */
export type ArmCounts = {
  readonly units: number;
  readonly decisions: number;
  /** Answers that failed with every model of the chain. */
  readonly failures: number;
  /** Answers that needed another model than the first one. They still count for the arm. */
  readonly fallbacks: number;
};

/** An experiment with stored decisions. */
export type ExperimentCounts = Readonly<Record<ExperimentArm, ArmCounts>> & {
  readonly name: string;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
};

/** How long a complete answer was. */
export type AnswerLength = {
  readonly route: string;
  /** The model that answered. */
  readonly ref: ModelRef;
  /** The length of the user's words and the attached code; undefined for answers of older versions. */
  readonly characters?: number | undefined;
  readonly outputTokens: number;
};

/** A turn whose answer is being written. `isOwn`: by this process. */
export type RunningTurn = { readonly turnId: string; readonly isOwn: boolean };

/** What the user wrote, without what was attached to it. */
export type RecentPrompt = Pick<Prompt, "text" | "command" | "instructions">;

/** Decisions, attempts and conversations. Always stored on this machine. */
export type History = {
  /**
   * Stores a decision. Written to disk in the background, and visible at once to reads through this object; a process
   * that is killed may lose its last decisions.
   */
  saveDecision(record: Omit<DecisionRecord, "summary">): Promise<void>;
  /** Adds the summary and the attempts to a decision, in the background too. */
  saveSummary(summary: AnswerSummary): Promise<void>;
  /** Stores a result of a decision: one score per decision and kind, the last one counts. */
  saveOutcome(decisionId: string, kind: OutcomeKind, score: number): Promise<void>;
  removeOutcome(decisionId: string, kind: OutcomeKind): Promise<void>;
  /** How often the check was right about the edits of these routes. */
  checkRecords(routes: readonly string[]): Promise<readonly CheckRecord[]>;
  decision(id: string): Promise<DecisionRecord | undefined>;
  /**
   * The lengths of recent answers to one command, of each of the routes the newest first. The same list is returned until
   * it changes. An answer of this process counts after half a second at the latest, one of another process after this
   * process has had one more answer.
   */
  answerLengths(routes: readonly string[], command: string | undefined): Promise<readonly AnswerLength[]>;

  /** The stored vectors of texts, for one embedder. */
  embeddings(embedder: string, texts: readonly string[]): Promise<ReadonlyMap<string, Float32Array>>;
  saveEmbeddings(embedder: string, vectors: ReadonlyMap<string, Float32Array>): Promise<void>;
  /** The experiments with stored decisions, the newest first. */
  experiments(): Promise<readonly ExperimentCounts[]>;
  /** One value per unit of an experiment, for each arm. */
  experimentValues(name: string, metric: ExperimentMetric): Promise<UnitValues>;

  saveConversation(conversation: Omit<Conversation, "turns">): Promise<void>;
  /**
   * Saves a conversation with a new or replaced turn, whose answer this process writes until it saves the turn with a
   * summary. The title of a stored conversation stays as it is. Returns false, and saves nothing, while another process
   * writes an answer in the conversation.
   */
  beginTurn(
    conversation: Omit<Conversation, "turns">,
    turn: Turn,
    place?: Pick<TurnPlace, "parent" | "variantOf">,
  ): Promise<boolean>;
  /** Ends the writing of a turn that gets no summary, after an error. */
  abandonTurn(conversationId: string, turnId: string): Promise<void>;
  /**
   * Saves a turn. `place`: where a new one stands; undefined: after the one that was sent or shown last. A turn that is
   * saved again keeps its place.
   */
  saveTurn(
    conversationId: string,
    turn: Turn,
    place?: Pick<TurnPlace, "parent" | "variantOf">,
  ): Promise<void>;
  /** Shows a turn in its place, and what was shown after it. */
  showTurn(conversationId: string, turnId: string): Promise<void>;
  /** Deletes a turn permanently, and the conversation with its last turn. Turns after it follow the one before it. */
  removeTurn(conversationId: string, turnId: string): Promise<void>;
  conversation(id: string): Promise<Conversation | undefined>;
  /** The summaries of the answers of a conversation that are not shown. @param shown the ids of the turns that are */
  hiddenSummaries(id: string, shown: readonly string[]): Promise<readonly AnswerSummary[]>;
  /** The turn whose answer is being written, in whichever process; undefined if there is none. */
  runningTurn(conversationId: string): Promise<RunningTurn | undefined>;
  /** Asks the process that writes an answer to stop. */
  requestStop(conversationId: string): Promise<void>;
  /** The ids of the conversations whose answers this process writes, and was asked to stop. */
  stopRequests(): Promise<readonly string[]>;
  /** Whether an answer of the conversation ended while no window showed it. */
  setUnread(conversationId: string, unread: boolean): Promise<void>;
  /** False for a conversation that does not exist any more, too. */
  isUnread(conversationId: string): Promise<boolean>;
  /** A number that differs after any process has changed the conversation; undefined if there is no such conversation. */
  changeOf(conversationId: string): Promise<number | undefined>;
  /**
   * Calls the listener after conversations have changed: at once for a change of this process, within half a second for
   * one of another process. Returns a function that removes the listener.
   */
  onConversationsChange(listener: () => void): () => void;
  /** Pinned ones first, then the newest; with a query, those whose title and text contain each of its words. */
  conversations(query: string, limit: number): Promise<readonly ConversationRow[]>;
  /** Like `conversation`, but `turns` has also those that are not shown, all in the order in which they were sent. */
  wholeConversation(id: string): Promise<Conversation | undefined>;
  /** Stores such a conversation. Resolves to false, and stores nothing, if its id is taken, even by a removed one. */
  addConversation(conversation: Conversation): Promise<boolean>;
  /** Only this changes the choice of a stored conversation: `saveConversation` stores that of a new one. */
  chooseModel(id: string, choice: ModelChoice): Promise<void>;
  /** Only this changes whether a conversation is pinned: `saveConversation` does not. */
  pinConversation(id: string, isPinned: boolean): Promise<void>;
  /** The newest prompts of all conversations, the last one first. */
  recentPrompts(limit: number): Promise<readonly RecentPrompt[]>;
  /** Hides a conversation, and resolves to its title. `restoreConversation` undoes it, until `forget` runs. */
  removeConversation(id: string): Promise<string | undefined>;
  restoreConversation(id: string): Promise<void>;
  /** Permanently deletes removed conversations, and everything older than the given days but pinned conversations. */
  forget(
    keep: { readonly conversationDays: number; readonly historyDays: number },
    nowMs: number,
  ): Promise<void>;
};
