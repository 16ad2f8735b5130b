import type { Chat } from "../../assistant/chat.ts";
import type { Conversation } from "../../contract/conversation.ts";
import type { ToView } from "../../contract/view/protocol.ts";
import { conversationView } from "./turnView.ts";

export type ShownDeps = {
  readonly chat: Pick<Chat, "start" | "list">;
  readonly post: (message: ToView) => void;
  readonly now: () => number;
  /** The turn of a conversation whose answer is being written. */
  readonly busyTurnId: (conversationId: string) => string | undefined;
};

/** What the view shows: a conversation (a new one has no turns yet), or the list of all. */
export class Shown {
  readonly #deps: ShownDeps;
  #conversation: Conversation;
  /** The list's query, while the list is shown. */
  #query: string | undefined;

  constructor(deps: ShownDeps) {
    this.#deps = deps;
    this.#conversation = deps.chat.start();
  }

  /** The conversation that is shown, or stands behind the list. */
  get conversation(): Conversation {
    return this.#conversation;
  }

  shows(conversationId: string): boolean {
    return this.#query === undefined && this.#conversation.id === conversationId;
  }

  /** Tells the view all of it. */
  async tell(): Promise<void> {
    if (this.#query === undefined) this.show(this.#conversation);
    else await this.list(this.#query);
  }

  show(conversation: Conversation): void {
    this.#conversation = conversation;
    this.#query = undefined;
    this.#deps.post({
      type: "conversation",
      conversation: conversation.turns.length === 0 ? null : conversationView(conversation),
      busyTurnId: this.#deps.busyTurnId(conversation.id) ?? null,
    });
  }

  /** The first screen of a new conversation. */
  showNew(): void {
    this.show(this.#deps.chat.start());
  }

  /** Takes a conversation's place in memory; the view has heard of the change, or will. */
  update(conversation: Conversation): void {
    if (conversation.id === this.#conversation.id) this.#conversation = conversation;
  }

  /** Changes a conversation in memory, if it is the one that is shown. */
  change(conversationId: string, change: (conversation: Conversation) => Conversation): void {
    if (conversationId === this.#conversation.id) this.#conversation = change(this.#conversation);
  }

  /** A conversation is no more: a new one takes its place behind the list. */
  forget(conversationId: string): void {
    if (conversationId === this.#conversation.id) this.#conversation = this.#deps.chat.start();
  }

  async list(query: string): Promise<void> {
    this.#query = query;
    const rows = await this.#deps.chat.list(query);
    // Meanwhile a conversation may have been opened, or something else been looked for.
    if (this.#query === query)
      this.#deps.post({ type: "conversations", rows, query, nowMs: this.#deps.now() });
  }

  /** Shows the list as it is now, where it is shown. */
  async relist(): Promise<void> {
    if (this.#query !== undefined) await this.list(this.#query);
  }
}
