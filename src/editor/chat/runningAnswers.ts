import type { AskOptions, Chat } from "../../assistant/chat.ts";
import type { Conversation, Prompt } from "../../contract/conversation.ts";
import type { ToView } from "../../contract/view/protocol.ts";
import { Coalesced } from "./coalesce.ts";
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
};

type Running = { conversation: Conversation; turnId: string; readonly abort: AbortController };

/** The answers that are being written: at most one a conversation, also in conversations that are not shown. */
export class RunningAnswers {
  readonly #chat: Chat;
  readonly #events: RunningAnswersEvents;
  readonly #running = new Map<string, Running>();

  constructor(chat: Chat, events: RunningAnswersEvents) {
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

  stop(conversationId: string): void {
    this.#running.get(conversationId)?.abort.abort();
  }

  stopAll(): void {
    for (const { abort } of this.#running.values()) abort.abort();
  }

  /** Asks, and tells the view as the answer comes; resolves when it has ended. */
  async ask({ conversation, prompt, options }: Asked): Promise<void> {
    const { id } = conversation;
    const running: Running = { conversation, turnId: "", abort: new AbortController() };
    this.#running.set(id, running);
    this.#events.busy(true);
    const pieces = new Coalesced((text) =>
      this.#events.post(id, { type: "text", turnId: running.turnId, text }),
    );
    try {
      for await (const event of this.#chat.ask(conversation, prompt, options, running.abort.signal)) {
        switch (event.type) {
          case "turn": {
            const { title, isPrivate } = event.conversation;
            running.conversation = event.conversation;
            running.turnId = event.turn.id;
            this.#events.changed(running.conversation);
            this.#events.post(id, {
              type: "turn",
              conversationId: id,
              title,
              isPrivate,
              turn: turnView(event.turn),
            });
            break;
          }
          case "text":
            this.#write(running, (text) => text + event.text);
            pieces.add(event.text);
            break;
          case "restart":
            this.#write(running, () => "");
            pieces.flush();
            this.#events.post(id, { type: "restart", turnId: running.turnId });
            break;
          case "answer": {
            const { answer } = event;
            pieces.flush();
            const busy = answer.summary === undefined;
            running.conversation = withAnswer(
              running.conversation,
              busy ? { ...answer, text: textOf(running) } : answer,
            );
            this.#events.changed(running.conversation);
            this.#events.post(id, {
              type: "answer",
              turnId: running.turnId,
              answer: answerState(answer),
              busy,
            });
            if (answer.summary?.modelUsed !== undefined) this.#events.answered(answer.summary.modelUsed);
          }
        }
      }
    } finally {
      pieces.flush();
      this.#running.delete(id);
      this.#events.busy(this.#running.size > 0);
    }
  }

  #write(running: Running, change: (text: string) => string): void {
    const answer = running.conversation.turns.at(-1)?.answer;
    if (answer === undefined) return;
    running.conversation = withAnswer(running.conversation, { ...answer, text: change(answer.text) });
  }
}

function textOf({ conversation }: Running): string {
  return conversation.turns.at(-1)?.answer.text ?? "";
}

function withAnswer(
  conversation: Conversation,
  answer: Conversation["turns"][number]["answer"],
): Conversation {
  const last = conversation.turns.at(-1);
  return last === undefined
    ? conversation
    : { ...conversation, turns: [...conversation.turns.slice(0, -1), { ...last, answer }] };
}
