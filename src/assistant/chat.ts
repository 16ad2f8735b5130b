import { type StartTimer, startTimer } from "../base/time/timer.ts";
import type {
  Answer,
  Conversation,
  ConversationRow,
  ModelChoice,
  Prompt,
  Thumb,
  Turn,
} from "../contract/conversation.ts";
import { type Decision, type Escalation, escalationOf } from "../contract/decision.ts";
import type { History } from "../contract/history.ts";
import type { ModelOptions } from "../contract/modelOptions.ts";
import { withPlace } from "../contract/turnTree.ts";
import type { Engine } from "../engine/engine.ts";
import type { EngineRequest } from "../engine/request.ts";
import { inputTextOf } from "../explain/prompts.ts";
import { contextTokens } from "../models/tokens.ts";
import { AnswerRecorder, type TurnSink } from "./answerRecorder.ts";
import { isPrivateItem } from "./context.ts";
import { type Departure, departureOf } from "./departure.ts";
import { placeIn, type SendOptions, turnAt } from "./promptPlace.ts";
import { earlierMessages, requestFor } from "./request.ts";
import { titleOf } from "./title.ts";

export type ChatDeps = {
  readonly engine: () => Promise<Engine>;
  readonly history: () => Promise<History>;
  /** Globs of the files that go to local models only. */
  readonly privatePaths: () => readonly string[];
  readonly now: () => number;
  readonly newId: () => string;
  readonly startTimer?: StartTimer | undefined;
};

/** The reason of a signal that ends an answer because the editor closes, and not because the user stopped it. */
export class Interruption extends Error {
  override readonly name = "AbortError";
}

/** A prompt was not sent, because another window writes an answer in its conversation. */
export class AnsweredElsewhere extends Error {
  override readonly name = "AnsweredElsewhere";

  constructor() {
    super("Another window is writing an answer in this conversation. Send the prompt when it has ended.");
  }
}

const MOST_LISTED = 500;
const MOST_RECENT_PROMPTS = 50;

const NO_ANSWER: Answer = { text: "", fallbacks: [] };

/** Conversations: sends prompts, saves answers, lists and renames. */
export class Chat {
  readonly #deps: ChatDeps;

  constructor(deps: ChatDeps) {
    this.#deps = deps;
  }

  /** Returns a new conversation. It is saved with its first prompt. */
  start(choice?: ModelChoice): Conversation {
    const now = this.#deps.now();
    return {
      id: this.#deps.newId(),
      title: "",
      createdAtMs: now,
      updatedAtMs: now,
      isPrivate: false,
      turns: [],
      choice,
    };
  }

  /** Decides where a prompt would go, without sending anything of it. */
  async forecast(conversation: Conversation, prompt: Prompt): Promise<Decision> {
    return (await this.#deps.engine()).forecast(this.#requestFor(conversation, prompt));
  }

  /** Returns what the user wrote in the newest prompts of all conversations, the last one first. */
  async recentPrompts(): Promise<readonly string[]> {
    const history = await this.#deps.history();
    return (await history.recentPrompts(MOST_RECENT_PROMPTS)).map(inputTextOf);
  }

  /** The models that the user can choose for a prompt, and why it would skip them. */
  async modelOptions(conversation: Conversation, prompt: Prompt): Promise<ModelOptions> {
    return (await this.#deps.engine()).modelOptions(this.#requestFor(conversation, prompt));
  }

  /** Files that became private after they were attached count too: the settings may have changed since. */
  #requestFor(conversation: Conversation, prompt: Prompt, budgetChoice?: SendOptions["budgetChoice"]) {
    const prompts = [...conversation.turns.map((turn) => turn.prompt), prompt];
    const attached = prompts.flatMap(({ context }) => context);
    const globs = this.#deps.privatePaths();
    const isPrivate = conversation.isPrivate || attached.some((item) => isPrivateItem(globs, item));
    return requestFor({ ...conversation, isPrivate }, prompt, budgetChoice);
  }

  /** Estimates the tokens of the earlier turns that are sent with each prompt. */
  earlierTokens({ turns, leftOut = 0 }: Pick<Conversation, "turns" | "leftOut">): number {
    return contextTokens(earlierMessages(turns.slice(leftOut)));
  }

  /**
   * Sends a prompt and returns its answer once it has ended and is saved. Aborting the signal stops the answer, or
   * interrupts it, if its reason is an `Interruption`; the text until then is kept.
   * @throws errors of the ledger
   */
  async send(
    conversation: Conversation,
    prompt: Prompt,
    options: SendOptions,
    sink: TurnSink,
    signal: AbortSignal,
  ): Promise<Answer> {
    const { now, newId } = this.#deps;
    const history = await this.#deps.history();
    const { replaced, before } = placeIn(conversation, options);
    const escalation = await this.#escalate(replaced, options);
    const { request, leftOut } = this.#placed(conversation, prompt, options, escalation);
    const { id, place } = turnAt(conversation, { replaced, before }, options, newId);
    const turn: Turn = { id, atMs: now(), prompt, answer: NO_ANSWER, leftOut };
    const { turns, ...header } = {
      ...conversation,
      title: conversation.title === "" ? titleOf(prompt) : conversation.title,
      updatedAtMs: now(),
      isPrivate: request.isPrivate,
      leftOut,
      tree: place === undefined ? conversation.tree : withPlace(conversation, place),
    };
    if (!(await history.beginTurn(header, turn, place))) throw new AnsweredElsewhere();
    sink.push({ type: "turn", conversation: { ...header, turns: [...before, turn] }, turn });

    const save = (answer: Answer) => history.saveTurn(header.id, { ...turn, answer });
    const recorder = new AnswerRecorder(sink, save, this.#deps.startTimer ?? startTimer);
    try {
      const summary = await (await this.#deps.engine()).run(request, recorder, signal);
      const isInterrupted = summary.ending.kind === "stopped" && signal.reason instanceof Interruption;
      const ending = isInterrupted ? ({ kind: "stopped", interrupted: true } as const) : summary.ending;
      return await recorder.finish({ ...summary, ending });
    } catch (error) {
      // The first error is reported. If this one fails too, the turn counts as being written until the window closes.
      await history.abandonTurn(header.id, turn.id).catch(() => undefined);
      throw error;
    } finally {
      recorder.stopSaving();
    }
  }

  /** The request for a prompt at its place in the conversation. */
  #placed(
    conversation: Conversation,
    prompt: Prompt,
    options: SendOptions,
    escalation: Escalation | undefined,
  ): { readonly request: EngineRequest; readonly leftOut: number | undefined } {
    const { before } = placeIn(conversation, options);
    // Of a branch, no turn is left out that is not left out of the others.
    const leftOut = conversation.leftOut && (Math.min(conversation.leftOut, before.length) || undefined);
    const routed = this.#requestFor(
      { ...conversation, turns: before, leftOut },
      prompt,
      options.budgetChoice,
    );
    // Regenerating keeps a model that the user picked.
    const isPicked = routed.explicitModel !== undefined && options.escalate !== "stronger";
    const request =
      escalation === undefined || isPicked ? routed : { ...routed, escalation, explicitModel: undefined };
    return { request, leftOut };
  }

  /** What of a prompt and of its conversation would leave this machine; undefined if nothing does. Nothing is sent. */
  async departure(
    conversation: Conversation,
    prompt: Prompt,
    options: SendOptions,
  ): Promise<Departure | undefined> {
    const engine = await this.#deps.engine();
    const { replaced, before } = placeIn(conversation, options);
    const decision = options.escalate === undefined ? undefined : replaced?.answer.decision;
    const escalation = decision && ((await engine.stronger(decision.id)) ?? escalationOf(decision));
    const { request, leftOut = 0 } = this.#placed(conversation, prompt, options, escalation);
    return departureOf(await engine.reach(request), before, leftOut);
  }

  /** Saves turns whose texts were changed. */
  async changeTurns(conversationId: string, changed: readonly Turn[]): Promise<void> {
    const history = await this.#deps.history();
    for (const turn of changed) await history.saveTurn(conversationId, turn);
  }

  /** Records that the replaced answer was not good enough, and returns the next try. */
  async #escalate(replaced: Turn | undefined, { escalate }: SendOptions): Promise<Escalation | undefined> {
    const decision = replaced?.answer.decision;
    if (escalate === undefined || decision === undefined) return undefined;
    const next = await (await this.#deps.engine()).escalate(decision.id, escalate);
    // Where no model is stronger, the one of the last step tries again.
    return next ?? escalationOf(decision);
  }

  /** The model that tries next if the answer of a turn is not good enough; undefined if no stronger one can be used. */
  async stronger({ answer }: Turn): Promise<Escalation["to"] | undefined> {
    if (answer.decision === undefined) return undefined;
    return (await (await this.#deps.engine()).stronger(answer.decision.id))?.to;
  }

  /** Shows another turn in its place, and returns the conversation with it and what was shown after it. */
  async show(conversation: Conversation, turnId: string): Promise<Conversation> {
    const history = await this.#deps.history();
    await history.showTurn(conversation.id, turnId);
    const { leftOut, ...shown } = (await history.conversation(conversation.id)) ?? conversation;
    const index = shown.turns.findIndex(({ id }) => id === turnId);
    if (leftOut === undefined || index < 0 || leftOut <= index) return { ...shown, leftOut };
    const { turns, ...header } = { ...shown, leftOut: index || undefined };
    await history.saveConversation(header);
    return { ...header, turns };
  }

  /** Saves the user's rating of an answer and reports it to the experiments; null removes it. */
  async rate(conversation: Conversation, turnId: string, thumb: Thumb | null): Promise<Conversation> {
    const turn = conversation.turns.find(({ id }) => id === turnId);
    const decisionId = turn?.answer.decision?.id;
    if (turn === undefined || decisionId === undefined) return conversation;
    const { thumb: _, ...answer } = turn.answer;
    const rated: Turn = { ...turn, answer: thumb === null ? answer : { ...answer, thumb } };
    await (await this.#deps.history()).saveTurn(conversation.id, rated);
    const engine = await this.#deps.engine();
    await engine.outcome(decisionId, "thumbs", thumb === null ? null : thumb === "up" ? 1 : 0);
    return { ...conversation, turns: conversation.turns.map((each) => (each.id === turnId ? rated : each)) };
  }

  /** Saves how many of the oldest turns are left out of later prompts. */
  async leaveOut(conversation: Conversation, leftOut: number): Promise<void> {
    const { turns, ...header } = { ...conversation, leftOut };
    await (await this.#deps.history()).saveConversation(header);
  }

  /**
   * Removes the last turn, for a prompt that was blocked and is discarded. What was shown in its place before is shown
   * again.
   */
  async dropLast(conversation: Conversation): Promise<Conversation> {
    const last = conversation.turns.at(-1);
    if (last === undefined) return conversation;
    const history = await this.#deps.history();
    await history.removeTurn(conversation.id, last.id);
    return (await history.conversation(conversation.id)) ?? { ...conversation, turns: [], tree: undefined };
  }

  async open(id: string): Promise<Conversation | undefined> {
    return (await this.#deps.history()).conversation(id);
  }

  /** Returns at most 500 conversations that match a query: pinned ones first, then the newest. */
  async list(query: string): Promise<readonly ConversationRow[]> {
    return (await this.#deps.history()).conversations(query, MOST_LISTED);
  }

  /** Returns the renamed conversation, or undefined where there is no such conversation or the title is blank. */
  async rename(id: string, title: string): Promise<Conversation | undefined> {
    const history = await this.#deps.history();
    const found = await history.conversation(id);
    if (found === undefined || title.trim() === "") return undefined;
    const { turns, ...header } = { ...found, title: title.trim() };
    await history.saveConversation(header);
    return { ...header, turns };
  }

  /** Saves what the user chose for a conversation. One that is not stored yet is saved with its choice. */
  async choose(id: string, choice: ModelChoice): Promise<void> {
    await (await this.#deps.history()).chooseModel(id, choice);
  }

  async pin(id: string, isPinned: boolean): Promise<void> {
    await (await this.#deps.history()).pinConversation(id, isPinned);
  }

  /** Removes a conversation and returns its title. `restore` undoes it. */
  async remove(id: string): Promise<string | undefined> {
    return (await this.#deps.history()).removeConversation(id);
  }

  async restore(id: string): Promise<void> {
    await (await this.#deps.history()).restoreConversation(id);
  }
}
