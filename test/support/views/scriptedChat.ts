import type { TurnSink } from "../../../src/assistant/answerRecorder.ts";
import type { Chat } from "../../../src/assistant/chat.ts";
import type { Departure } from "../../../src/assistant/departure.ts";
import type { SendOptions } from "../../../src/assistant/promptPlace.ts";
import type {
  Answer,
  Conversation,
  ConversationRow,
  ModelChoice,
  Prompt,
  Turn,
} from "../../../src/contract/conversation.ts";
import type { ChainStep, Decision } from "../../../src/contract/decision.ts";
import type { ModelOption, ModelOptions } from "../../../src/contract/modelOptions.ts";
import { decision } from "../answers.ts";

const NO_ANSWER: Answer = { text: "", fallbacks: [] };

/** Writes an answer after its turn has begun. Returns the answer as it is saved; undefined for an empty one. */
export type AnswerScript = (sink: TurnSink, signal: AbortSignal) => Promise<Answer | undefined>;

/** For tests: conversations in memory, with answers that the test scripts. */
export class ScriptedChat {
  readonly saved = new Map<string, Conversation>();
  /** The prompts that were sent, in order. */
  readonly sent: { readonly prompt: Prompt; readonly options: SendOptions }[] = [];
  /** The next answers, in order. Without a script an answer is empty and ends at once. */
  readonly scripts: AnswerScript[] = [];
  /** Thrown before the next prompt becomes a turn. */
  failBeforeTurn: Error | undefined;
  /** The models that the user can choose from. */
  options: readonly ModelOption[] = [];
  strongerModel: ChainStep | undefined;
  #ids = 0;

  start(choice?: ModelChoice): Conversation {
    const id = `c${++this.#ids}`;
    return { id, title: "", createdAtMs: 0, updatedAtMs: 0, isPrivate: false, turns: [], choice };
  }

  async choose(id: string, choice: ModelChoice): Promise<void> {
    const found = this.saved.get(id);
    if (found !== undefined) this.saved.set(id, { ...found, choice });
  }

  async modelOptions(): Promise<ModelOptions> {
    return { models: this.options, keyless: [], nowMs: 0 };
  }

  async stronger(): Promise<ChainStep | undefined> {
    return this.strongerModel;
  }

  async send(
    conversation: Conversation,
    prompt: Prompt,
    options: SendOptions,
    sink: TurnSink,
    signal: AbortSignal,
  ): Promise<Answer> {
    await Promise.resolve();
    if (this.failBeforeTurn !== undefined) throw this.failBeforeTurn;
    this.sent.push({ prompt, options });
    const id = options.replaces ?? `t${this.sent.length}`;
    const turn: Turn = { id, atMs: 0, prompt, answer: NO_ANSWER };
    const before = conversation.turns.filter((each) => each.id !== options.replaces);
    const title = conversation.title === "" ? prompt.text : conversation.title;
    const started = { ...conversation, title, turns: [...before, turn] };
    this.saved.set(conversation.id, started);
    sink.push({ type: "turn", conversation: started, turn });
    const answer = (await this.scripts.shift()?.(sink, signal)) ?? NO_ANSWER;
    const ended = { ...started, turns: [...before, { ...turn, answer }] };
    this.saved.set(conversation.id, ended);
    return answer;
  }

  async rename(id: string, title: string): Promise<Conversation | undefined> {
    const found = this.saved.get(id);
    if (found === undefined || title.trim() === "") return undefined;
    const renamed = { ...found, title: title.trim() };
    this.saved.set(id, renamed);
    return renamed;
  }

  earlierTokens({ turns, leftOut = 0 }: Pick<Conversation, "turns" | "leftOut">): number {
    return 1000 * (turns.length - leftOut);
  }

  async leaveOut({ id }: Conversation, leftOut: number): Promise<void> {
    const found = this.saved.get(id);
    if (found !== undefined) this.saved.set(id, { ...found, leftOut });
  }

  /** What would leave this machine with the next prompts. */
  leaving: Departure | undefined;

  async departure(): Promise<Departure | undefined> {
    return this.leaving;
  }

  async changeTurns(conversationId: string, changed: readonly Turn[]): Promise<void> {
    const found = this.saved.get(conversationId);
    if (found === undefined) return;
    const turns = found.turns.map((turn) => changed.find(({ id }) => id === turn.id) ?? turn);
    this.saved.set(conversationId, { ...found, turns });
  }

  async forecast(): Promise<Decision> {
    return decision();
  }

  async dropLast(conversation: Conversation): Promise<Conversation> {
    return { ...conversation, turns: conversation.turns.slice(0, -1) };
  }

  async open(id: string): Promise<Conversation | undefined> {
    return this.saved.get(id);
  }

  async pin(): Promise<void> {}

  async remove(): Promise<string> {
    return "";
  }

  async restore(): Promise<void> {}

  async list(): Promise<readonly ConversationRow[]> {
    return [];
  }

  /** Returns this as a `Chat`. Methods that no test uses are missing. */
  asChat(): Chat {
    return this as unknown as Chat;
  }
}
