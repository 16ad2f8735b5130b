import type {
  Answer,
  Conversation,
  ConversationRow,
  FallbackNote,
  Prompt,
  Thumb,
  Turn,
} from "../contract/conversation.ts";
import type { Attributes, Decision } from "../contract/decision.ts";
import type { History } from "../contract/history.ts";
import type { ModelRef } from "../contract/model.ts";
import type { Engine } from "../engine/engine.ts";
import { requestFor } from "./request.ts";
import { titleOf } from "./title.ts";

/** What happens while a prompt is answered. `turn` comes first and once; the last `answer` carries the summary. */
export type TurnEvent =
  | { readonly type: "turn"; readonly conversation: Conversation; readonly turn: Turn }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "restart" }
  | { readonly type: "answer"; readonly answer: Answer };

export type ChatDeps = {
  readonly engine: () => Promise<Engine>;
  readonly history: () => Promise<History>;
  readonly now: () => number;
  readonly newId: () => string;
};

export type AskOptions = {
  /** The last turn, asked again: the new one takes its place. */
  readonly replaces?: string;
  readonly budgetChoice?: NonNullable<Attributes["budgetChoice"]>;
};

/** A running answer is written down this often, so that a closed window loses little of it. */
const SAVE_EVERY_MS = 2000;

const NO_ANSWER: Answer = { text: "", fallbacks: [] };

/** Conversations: asking in them, keeping them, finding them again. Knows no screen. */
export class Chat {
  readonly #deps: ChatDeps;

  constructor(deps: ChatDeps) {
    this.#deps = deps;
  }

  /** A conversation that is not kept before its first prompt. */
  start(): Conversation {
    const now = this.#deps.now();
    return {
      id: this.#deps.newId(),
      title: "",
      createdAtMs: now,
      updatedAtMs: now,
      isPrivate: false,
      turns: [],
    };
  }

  /** Where a prompt would go now. */
  async forecast(conversation: Conversation, prompt: Prompt): Promise<Decision> {
    return (await this.#deps.engine()).decide(requestFor(conversation, prompt));
  }

  /** Asks in a conversation and keeps what comes. Aborting the signal stops the answer; what is there of it stays. */
  async *ask(
    conversation: Conversation,
    prompt: Prompt,
    options: AskOptions,
    signal: AbortSignal,
  ): AsyncGenerator<TurnEvent> {
    const { now, newId } = this.#deps;
    const history = await this.#deps.history();
    const again = options.replaces !== undefined && conversation.turns.at(-1)?.id === options.replaces;
    const before = again ? conversation.turns.slice(0, -1) : conversation.turns;
    const request = requestFor({ ...conversation, turns: before }, prompt, options.budgetChoice);
    let turn: Turn = { id: again ? options.replaces : newId(), atMs: now(), prompt, answer: NO_ANSWER };
    const { turns, ...header } = {
      ...conversation,
      title: conversation.title === "" ? titleOf(prompt) : conversation.title,
      updatedAtMs: now(),
      isPrivate: request.isPrivate,
    };
    await history.saveConversation(header);
    await history.saveTurn(header.id, turn);
    yield { type: "turn", conversation: { ...header, turns: [...before, turn] }, turn };

    const written: string[] = [];
    let savedMs = now();
    const update = (change: Partial<Answer>) => {
      turn = { ...turn, answer: { ...turn.answer, ...change } };
      return { type: "answer", answer: turn.answer } as const;
    };
    const engine = await this.#deps.engine();
    for await (const event of engine.run(request, signal)) {
      switch (event.type) {
        case "decided":
          yield update({ decision: event.decision, decidedInMs: event.tookMs });
          break;
        case "text":
          written.push(event.text);
          yield { type: "text", text: event.text };
          if (now() - savedMs >= SAVE_EVERY_MS) {
            savedMs = now();
            update({ text: written.join("") });
            await history.saveTurn(header.id, turn);
          }
          break;
        case "resumed": {
          const { from, to } = event;
          const { fallbacks, handoffs: seams = [] } = turn.answer;
          const seam = { at: written.join("").length, from, to };
          yield update({ fallbacks: aboveAnswer(fallbacks, from), handoffs: [...seams, seam] });
          break;
        }
        case "restarted":
          written.length = 0;
          update({ handoffs: [] });
          yield { type: "restart" };
          break;
        case "failedOver": {
          const { from, to, failure } = event;
          // Whoever was asked in its stead and did not step in, is not told of.
          const others = turn.answer.fallbacks.filter((note) => note.from !== from);
          yield update({ fallbacks: [...others, { from, to, failure }] });
          break;
        }
        case "end": {
          const done = update({ text: written.join(""), summary: event.summary });
          await history.saveTurn(header.id, turn);
          yield done;
          break;
        }
        case "attempt":
        case "reasoning":
        case "toolCall":
          break;
      }
    }
  }

  /** Keeps what the user thinks of an answer, and tells the experiments; null takes it back. */
  async rate(conversation: Conversation, turnId: string, thumb: Thumb | null): Promise<Conversation> {
    const turn = conversation.turns.find(({ id }) => id === turnId);
    const decisionId = turn?.answer.decision?.id;
    if (turn === undefined || decisionId === undefined) return conversation;
    const { thumb: before, ...answer } = turn.answer;
    const rated: Turn = { ...turn, answer: thumb === null ? answer : { ...answer, thumb } };
    await (await this.#deps.history()).saveTurn(conversation.id, rated);
    const engine = await this.#deps.engine();
    await engine.outcome(decisionId, "thumbs", thumb === null ? null : thumb === "up" ? 1 : 0);
    return { ...conversation, turns: conversation.turns.map((each) => (each.id === turnId ? rated : each)) };
  }

  /** Takes the last turn away, as if it had never been asked: a prompt that was not sent. */
  async dropLast(conversation: Conversation): Promise<Conversation> {
    const last = conversation.turns.at(-1);
    if (last === undefined) return conversation;
    await (await this.#deps.history()).removeTurn(conversation.id, last.id);
    return { ...conversation, turns: conversation.turns.slice(0, -1) };
  }

  async open(id: string): Promise<Conversation | undefined> {
    return (await this.#deps.history()).conversation(id);
  }

  /** The newest first, at most 200. */
  async list(query: string): Promise<readonly ConversationRow[]> {
    return (await this.#deps.history()).conversations(query, 200);
  }

  /** The conversation as it is kept now; undefined where nothing was renamed: it is not kept, or the title is blank. */
  async rename(id: string, title: string): Promise<Conversation | undefined> {
    const history = await this.#deps.history();
    const found = await history.conversation(id);
    if (found === undefined || title.trim() === "") return undefined;
    const { turns, ...header } = { ...found, title: title.trim() };
    await history.saveConversation(header);
    return { ...header, turns };
  }

  async remove(id: string): Promise<void> {
    await (await this.#deps.history()).removeConversation(id);
  }

  async restore(id: string): Promise<void> {
    await (await this.#deps.history()).restoreConversation(id);
  }
}

/** A torn answer that was gone on with says so where it broke; a refused key is told above, where it can be mended. */
function aboveAnswer(fallbacks: readonly FallbackNote[], torn: ModelRef): readonly FallbackNote[] {
  const own = fallbacks.findIndex(({ from }) => from === torn);
  return fallbacks.filter(({ failure }, index) => own < 0 || index < own || failure.kind === "auth");
}
