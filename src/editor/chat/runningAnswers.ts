import type { TurnEvent } from "../../assistant/answerRecorder.ts";
import { type Chat, Interruption } from "../../assistant/chat.ts";
import type { SendOptions } from "../../assistant/promptPlace.ts";
import { type StartTimer, startTimer } from "../../base/time/timer.ts";
import type { Answer, Conversation, Prompt } from "../../contract/conversation.ts";
import type { AnswerState } from "../../contract/view/conversationMessages.ts";
import type { ToView } from "../../contract/view/protocol.ts";
import type { RunningConversation } from "./conversationDisplay.ts";
import { answerState, turnView } from "./conversationView.ts";
import { TextCoalescer } from "./textCoalescer.ts";

export type RunningAnswersDeps = {
  readonly chat: Pick<Chat, "send">;
  /** Whether the view shows this conversation now. Nothing is posted for one that it does not show. */
  readonly isShown: (conversationId: string) => boolean;
  readonly post: (message: ToView) => void;
  /** A conversation has changed in something other than its answer's text. */
  readonly onChange: (conversation: Conversation) => void;
  /** Whether any answer is being written. */
  readonly onBusy: (busy: boolean) => void;
  readonly onAnswered: (model: string) => void;
  /** An answer has ended by itself while the view did not show its conversation. */
  readonly onUnseen: (conversationId: string) => void;
  /** An error ended an answer. `unsent`: its prompt, where it had not become a turn yet. */
  readonly onError: (conversation: Conversation, unsent: Prompt | undefined) => void;
  readonly startTimer?: StartTimer | undefined;
};

type Running = {
  /** Its last turn is the one being answered, once `turnId` is set. That turn's text is stale: `text` holds it. */
  conversation: Conversation;
  turnId: string | undefined;
  text: string;
  readonly abort: AbortController;
  readonly coalescer: TextCoalescer;
  readonly ended: PromiseWithResolvers<void>;
};

/** How long the editor waits for interrupted answers when it closes. VS Code waits 5 s for all extensions. */
const CLOSING_MS = 1000;

/** The answers that are being written: at most one per conversation, also in conversations that are not shown. */
export class RunningAnswers {
  readonly #deps: RunningAnswersDeps;
  readonly #running = new Map<string, Running>();
  #onIdle: () => void = () => {};

  constructor(deps: RunningAnswersDeps) {
    this.#deps = deps;
  }

  isRunning(conversationId: string): boolean {
    return this.#running.has(conversationId);
  }

  /**
   * Returns a conversation with its running answer's text so far, to be shown as a whole; undefined where it has no
   * running answer. Text that waits for the next frame is part of it and is not posted again.
   */
  snapshot(conversationId: string): RunningConversation | undefined {
    const running = this.#running.get(conversationId);
    if (running === undefined) return undefined;
    running.coalescer.discard();
    return { conversation: withText(running), turnId: running.turnId };
  }

  /** Changes a conversation apart from its answer, e.g. its title, so that the running answer does not undo it. */
  change(conversationId: string, change: (conversation: Conversation) => Conversation): void {
    const running = this.#running.get(conversationId);
    if (running !== undefined) running.conversation = change(running.conversation);
  }

  stop(conversationId: string): void {
    this.#running.get(conversationId)?.abort.abort();
  }

  /** Stops the running answer of a conversation, if there is one. Resolves when it has ended. */
  async stopped(conversationId: string): Promise<void> {
    const running = this.#running.get(conversationId);
    running?.abort.abort();
    await running?.ended.promise;
  }

  /** Ends every answer because the editor closes. Resolves when they are saved, or after a second. */
  interruptAll(): Promise<void> {
    if (this.#running.size === 0) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancelTimer = (this.#deps.startTimer ?? startTimer)(resolve, CLOSING_MS);
    this.#onIdle = () => {
      cancelTimer();
      resolve();
    };
    for (const { abort } of this.#running.values()) abort.abort(new Interruption());
    return promise;
  }

  /**
   * Sends a prompt and posts its answer to the view as it comes; resolves when the answer has ended. Returns false
   * without sending where the conversation has a running answer already.
   * @throws errors of the chat, after `onError`
   */
  async send(conversation: Conversation, prompt: Prompt, options: SendOptions): Promise<boolean> {
    const { chat, isShown, onBusy, onAnswered, onUnseen, onError } = this.#deps;
    const { id } = conversation;
    if (this.#running.has(id)) return false;
    const running: Running = {
      conversation,
      turnId: undefined,
      text: "",
      abort: new AbortController(),
      coalescer: new TextCoalescer((text) => this.#postText(running, text), this.#deps.startTimer),
      ended: Promise.withResolvers(),
    };
    this.#running.set(id, running);
    onBusy(true);
    let answer: Answer | undefined;
    try {
      const sink = { push: (event: TurnEvent) => this.#push(running, event) };
      answer = await chat.send(conversation, prompt, options, sink, running.abort.signal);
      running.text = answer.text;
      this.#setState(running, answerState(answer), false);
      if (answer.summary?.ending.kind !== "stopped" && !isShown(id)) onUnseen(id);
    } finally {
      running.coalescer.discard();
      this.#running.delete(id);
      const isUnsent = running.turnId === undefined && options.replaces === undefined;
      if (answer === undefined) onError(withText(running), isUnsent ? prompt : undefined);
      running.ended.resolve();
      onBusy(this.#running.size > 0);
      if (this.#running.size === 0) this.#onIdle();
    }
    if (answer.summary?.modelUsed !== undefined) onAnswered(answer.summary.modelUsed);
    return true;
  }

  #push(running: Running, event: TurnEvent): void {
    const { isShown, onChange } = this.#deps;
    switch (event.type) {
      case "turn": {
        const { conversation, turn } = event;
        running.conversation = conversation;
        running.turnId = turn.id;
        onChange(conversation);
        const { id: conversationId, title, isPrivate, leftOut } = conversation;
        const header = { conversationId, title, isPrivate, leftOut };
        const index = conversation.turns.length - 1;
        this.#post(running, { type: "turn", ...header, index, turn: turnView(turn, conversation) });
        break;
      }
      case "text":
        running.text += event.text;
        if (isShown(running.conversation.id)) running.coalescer.add(event.text);
        break;
      case "restarted":
        running.text = "";
        running.coalescer.discard();
        running.conversation = changeAnswer(running.conversation, (answer) => ({ ...answer, handoffs: [] }));
        if (running.turnId !== undefined) this.#post(running, { type: "restarted", turnId: running.turnId });
        break;
      case "state":
        this.#setState(running, event.state, true);
        break;
    }
  }

  #setState(running: Running, state: AnswerState, busy: boolean): void {
    running.conversation = changeAnswer(running.conversation, () => ({ ...state, text: running.text }));
    this.#deps.onChange(running.conversation);
    if (running.turnId !== undefined)
      this.#post(running, { type: "answer", turnId: running.turnId, answer: state, busy });
  }

  #postText({ conversation, turnId }: Running, text: string): void {
    if (turnId !== undefined && this.#deps.isShown(conversation.id))
      this.#deps.post({ type: "text", turnId, text });
  }

  /** Posts a message after the text that waits, if the conversation is shown. */
  #post({ conversation, coalescer }: Running, message: ToView): void {
    if (!this.#deps.isShown(conversation.id)) return;
    coalescer.flush();
    this.#deps.post(message);
  }
}

function withText({ conversation, turnId, text }: Running): Conversation {
  return turnId === undefined ? conversation : changeAnswer(conversation, (answer) => ({ ...answer, text }));
}

function changeAnswer(conversation: Conversation, change: (answer: Answer) => Answer): Conversation {
  const last = conversation.turns.at(-1);
  if (last === undefined) return conversation;
  return {
    ...conversation,
    turns: [...conversation.turns.slice(0, -1), { ...last, answer: change(last.answer) }],
  };
}
