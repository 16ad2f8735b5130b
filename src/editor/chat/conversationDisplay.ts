import type { Chat } from "../../assistant/chat.ts";
import type { ContextChip, ContextItem } from "../../contract/context.ts";
import type { Answer, Conversation, Turn } from "../../contract/conversation.ts";
import type { AnswerState, ConversationView, TurnView } from "../../contract/view/conversationMessages.ts";
import type { ToView } from "../../contract/view/protocol.ts";
import type { WindowState } from "./windowState.ts";

/** A conversation whose answer is being written. */
export type RunningConversation = {
  readonly conversation: Conversation;
  /** The turn that is being answered; undefined until the prompt has become one. */
  readonly turnId: string | undefined;
};

export type ConversationDisplayDeps = {
  readonly chat: Pick<Chat, "start" | "list" | "open">;
  readonly post: (message: ToView) => void;
  readonly now: () => number;
  /** A conversation whose answer is being written, with its text so far. */
  readonly running: (conversationId: string) => RunningConversation | undefined;
  readonly state: Pick<WindowState, "shownConversation" | "choice">;
};

/** What the view shows: one conversation, or the list of all. */
export class ConversationDisplay {
  readonly #deps: ConversationDisplayDeps;
  #conversation: Conversation;
  /** The query of the list, while the list is shown. */
  #query: string | undefined;
  /** The conversation that the window showed before it was loaded again, until the view shows anything. */
  #shownBefore: string | undefined;

  constructor(deps: ConversationDisplayDeps) {
    this.#deps = deps;
    this.#conversation = deps.chat.start(deps.state.choice);
    this.#shownBefore = deps.state.shownConversation;
  }

  /** The conversation that is shown, or that the list covers. */
  get conversation(): Conversation {
    return this.#conversation;
  }

  shows(conversationId: string): boolean {
    return this.#query === undefined && this.#conversation.id === conversationId;
  }

  /** Posts everything that is shown, to a view that is empty. */
  async postAll(): Promise<void> {
    try {
      await this.#restore();
    } finally {
      if (this.#query === undefined) this.show(this.#conversation);
      else await this.list(this.#query);
    }
  }

  show(conversation: Conversation): void {
    const running = this.#deps.running(conversation.id);
    const shown = running?.conversation ?? conversation;
    this.#set(shown);
    this.#query = undefined;
    this.#deps.post({
      type: "conversation",
      conversation: shown.turns.length === 0 ? null : conversationView(shown),
      busyTurnId: running?.turnId ?? null,
    });
    this.#deps.post({ type: "choice", choice: shown.choice ?? {} });
  }

  /** Shows the first screen of a new conversation. */
  showNew(): void {
    this.show(this.#deps.chat.start());
  }

  /** Replaces a conversation in memory. Posts nothing. */
  update(conversation: Conversation): void {
    if (conversation.id === this.#conversation.id) this.#set(conversation);
  }

  /** Changes a conversation in memory, if it is the one that is shown. Posts nothing. */
  change(conversationId: string, change: (conversation: Conversation) => Conversation): void {
    if (conversationId === this.#conversation.id) this.#set(change(this.#conversation));
  }

  /** Replaces a deleted conversation by a new one behind the list. */
  forget(conversationId: string): void {
    if (conversationId === this.#conversation.id) this.#set(this.#deps.chat.start());
  }

  async list(query: string): Promise<void> {
    this.#shownBefore = undefined;
    this.#query = query;
    const rows = await this.#deps.chat.list(query);
    // A conversation may have been opened meanwhile, or another query been typed.
    if (this.#query === query)
      this.#deps.post({ type: "conversations", rows, query, nowMs: this.#deps.now() });
  }

  /** Lists the conversations again, if the list is shown. */
  async relist(): Promise<void> {
    if (this.#query !== undefined) await this.list(this.#query);
  }

  /** Opens the conversation that the window showed before, unless something else was opened meanwhile. */
  async #restore(): Promise<void> {
    const id = this.#shownBefore;
    if (id === undefined) return;
    const found = await this.#deps.chat.open(id);
    if (found !== undefined && id === this.#shownBefore) this.#set(found);
  }

  #set(conversation: Conversation): void {
    this.#shownBefore = undefined;
    this.#conversation = conversation;
    const isNew = conversation.turns.length === 0;
    this.#deps.state.shownConversation = isNew ? undefined : conversation.id;
    this.#deps.state.choice = (isNew ? conversation.choice : undefined) ?? {};
  }
}

/** Returns a conversation as the view shows it: without the text of attached code. */
function conversationView({ id, title, isPrivate, turns, leftOut }: Conversation): ConversationView {
  return { id, title, isPrivate, turns: turns.map(turnView), leftOut };
}

export function turnView(turn: Turn): TurnView {
  return { ...turn, prompt: { ...turn.prompt, context: turn.prompt.context.map(contextChip) } };
}

export function contextChip({ text, source, ...chip }: ContextItem): ContextChip {
  return chip;
}

export function answerState({ text, ...state }: Answer): AnswerState {
  return state;
}
