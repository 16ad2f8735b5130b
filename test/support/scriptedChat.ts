import type { AskOptions, Chat, TurnEvent } from "../../src/assistant/chat.ts";
import type { Answer, Conversation, ConversationRow, Prompt, Turn } from "../../src/contract/conversation.ts";

const NO_ANSWER: Answer = { text: "", fallbacks: [] };

/** For tests: conversations in memory, and answers that go on when the test says so. */
export class ScriptedChat {
  readonly kept = new Map<string, Conversation>();
  /** What was asked, in order. */
  readonly asked: { readonly prompt: Prompt; readonly options: AskOptions }[] = [];
  /** What the next answers do after their turn has begun; without one they end at once. */
  readonly script: (() => AsyncGenerator<TurnEvent>)[] = [];
  /** Thrown before the next prompt becomes a turn. */
  failBeforeTurn: Error | undefined;
  #ids = 0;

  start(): Conversation {
    const id = `c${++this.#ids}`;
    return { id, title: "", createdAtMs: 0, updatedAtMs: 0, isPrivate: false, turns: [] };
  }

  async *ask(conversation: Conversation, prompt: Prompt, options: AskOptions): AsyncGenerator<TurnEvent> {
    await Promise.resolve();
    if (this.failBeforeTurn !== undefined) throw this.failBeforeTurn;
    this.asked.push({ prompt, options });
    const id = options.replaces ?? `t${this.asked.length}`;
    const turn: Turn = { id, atMs: 0, prompt, answer: NO_ANSWER };
    const before = conversation.turns.filter((each) => each.id !== options.replaces);
    const title = conversation.title === "" ? prompt.text : conversation.title;
    const started = { ...conversation, title, turns: [...before, turn] };
    this.kept.set(conversation.id, started);
    yield { type: "turn", conversation: started, turn };
    yield* this.script.shift()?.() ?? [];
  }

  async rename(id: string, title: string): Promise<Conversation | undefined> {
    const found = this.kept.get(id);
    if (found === undefined || title.trim() === "") return undefined;
    const renamed = { ...found, title: title.trim() };
    this.kept.set(id, renamed);
    return renamed;
  }

  async dropLast(conversation: Conversation): Promise<Conversation> {
    return { ...conversation, turns: conversation.turns.slice(0, -1) };
  }

  async open(id: string): Promise<Conversation | undefined> {
    return this.kept.get(id);
  }

  async list(): Promise<readonly ConversationRow[]> {
    return [];
  }

  /** As the host takes it: what a test does not use is not there. */
  asChat(): Chat {
    return this as unknown as Chat;
  }
}
