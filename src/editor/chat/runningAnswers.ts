import type { AskOptions, Chat, TurnEvent } from "../../assistant/chat.ts";
import type { Answer, Conversation, Prompt } from "../../contract/conversation.ts";
import type { ToView } from "../../contract/view/protocol.ts";
import { Coalesced } from "./textCoalescer.ts";
import { answerState, turnView } from "./turnView.ts";

export type Asked = {
  readonly conversation: Conversation;
  readonly prompt: Prompt;
  readonly options: AskOptions;
};

export type RunningAnswersEvents = {
  readonly changed: (conversation: Conversation) => void;
  readonly post: (conversationId: string, message: ToView) => void;
  /** Whether any answer is being written. */
  readonly busy: (busy: boolean) => void;
  readonly answered: (model: string) => void;
  /** An error ended it midway. `unsent`: the prompt, where it had not become a turn yet. */
  readonly broke: (conversation: Conversation, unsent: Prompt | undefined) => void;
};

type Running = {
  conversation: Conversation;
  /** Empty until the prompt has become a turn. */
  turnId: string;
  readonly abort: AbortController;
  readonly pieces: Coalesced;
};

/** The answers that are being written: at most one a conversation, also in conversations that are not shown. */
export class RunningAnswers {
  readonly #chat: Pick<Chat, "ask">;
  readonly #events: RunningAnswersEvents;
  readonly #running = new Map<string, Running>();

  constructor(chat: Pick<Chat, "ask">, events: RunningAnswersEvents) {
    this.#chat = chat;
    this.#events = events;
  }

  runs(conversationId: string): boolean {
    return this.#running.has(conversationId);
  }

  /** The turn whose answer is being written. */
  turnId(conversationId: string): string | undefined {
    return this.#running.get(conversationId)?.turnId;
  }

  /** A conversation with what has been written so far. */
  conversation(conversationId: string): Conversation | undefined {
    return this.#running.get(conversationId)?.conversation;
  }

  /** Changes a conversation apart from its answer, e.g. its title: or the running answer would undo that. */
  change(conversationId: string, change: (conversation: Conversation) => Conversation): void {
    const running = this.#running.get(conversationId);
    if (running !== undefined) running.conversation = change(running.conversation);
  }

  stop(conversationId: string): void {
    this.#running.get(conversationId)?.abort.abort();
  }

  stopAll(): void {
    for (const { abort } of this.#running.values()) abort.abort();
  }

  /**
   * Asks, and tells the view as the answer comes; resolves when it has ended. False where an answer is being written in
   * the conversation already: then nothing was asked.
   */
  async ask({ conversation, prompt, options }: Asked): Promise<boolean> {
    const { id } = conversation;
    if (this.#running.has(id)) return false;
    const running: Running = {
      conversation,
      turnId: "",
      abort: new AbortController(),
      pieces: new Coalesced((text) => this.#events.post(id, { type: "text", turnId: running.turnId, text })),
    };
    this.#running.set(id, running);
    this.#events.busy(true);
    let isWhole = false;
    try {
      for await (const event of this.#chat.ask(conversation, prompt, options, running.abort.signal)) {
        this.#tell(running, event);
      }
      isWhole = true;
    } finally {
      running.pieces.flush();
      this.#running.delete(id);
      const isUnsent = running.turnId === "" && options.replaces === undefined;
      if (!isWhole) this.#events.broke(running.conversation, isUnsent ? prompt : undefined);
      this.#events.busy(this.#running.size > 0);
    }
    return true;
  }

  #tell(running: Running, event: TurnEvent): void {
    const { id } = running.conversation;
    switch (event.type) {
      case "turn": {
        const { title, isPrivate } = event.conversation;
        running.conversation = event.conversation;
        running.turnId = event.turn.id;
        this.#events.changed(running.conversation);
        const turn = turnView(event.turn);
        this.#events.post(id, { type: "turn", conversationId: id, title, isPrivate, turn });
        break;
      }
      case "text":
        change(running, ({ text, ...answer }) => ({ ...answer, text: text + event.text }));
        running.pieces.add(event.text);
        break;
      case "restart":
        change(running, (answer) => ({ ...answer, text: "", handoffs: [] }));
        running.pieces.flush();
        this.#events.post(id, { type: "restart", turnId: running.turnId });
        break;
      case "answer": {
        const { answer } = event;
        running.pieces.flush();
        const busy = answer.summary === undefined;
        running.conversation = withAnswer(
          running.conversation,
          busy ? { ...answer, text: textOf(running) } : answer,
        );
        this.#events.changed(running.conversation);
        this.#events.post(id, { type: "answer", turnId: running.turnId, answer: answerState(answer), busy });
        if (answer.summary?.modelUsed !== undefined) this.#events.answered(answer.summary.modelUsed);
      }
    }
  }
}

function change(running: Running, to: (answer: Answer) => Answer): void {
  const answer = running.conversation.turns.at(-1)?.answer;
  if (answer === undefined) return;
  running.conversation = withAnswer(running.conversation, to(answer));
}

function textOf({ conversation }: Running): string {
  return conversation.turns.at(-1)?.answer.text ?? "";
}

function withAnswer(conversation: Conversation, answer: Answer): Conversation {
  const last = conversation.turns.at(-1);
  return last === undefined
    ? conversation
    : { ...conversation, turns: [...conversation.turns.slice(0, -1), { ...last, answer }] };
}
