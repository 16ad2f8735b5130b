import type { Chat } from "../../../assistant/chat.ts";
import type { Conversation } from "../../../contract/conversation.ts";
import type { ListRequest } from "../../../contract/view/listMessages.ts";
import type { ToView } from "../../../contract/view/protocol.ts";
import type { ConversationDisplay } from "../conversationDisplay.ts";
import type { PromptQueue } from "../queue/promptQueue.ts";
import type { RunningAnswers } from "../runningAnswers.ts";

/** Changes every copy of a conversation in memory. */
export type ChangeConversation = (
  conversationId: string,
  change: (conversation: Conversation) => Conversation,
) => void;

export type ListRequestsDeps = {
  readonly chat: Pick<Chat, "list" | "pin" | "remove" | "restore" | "rename">;
  readonly display: ConversationDisplay;
  readonly running: Pick<RunningAnswers, "stop">;
  readonly queue: Pick<PromptQueue, "setDeleted">;
  readonly post: (message: ToView) => void;
  readonly onChange: ChangeConversation;
  readonly onDeleted: (conversationId: string) => Promise<void>;
  /** Decides again where the prompt in the input would go. */
  readonly forecast: () => Promise<void>;
};

/** Carries out what the user does with the list of conversations. */
export class ListRequests {
  readonly #deps: ListRequestsDeps;

  constructor(deps: ListRequestsDeps) {
    this.#deps = deps;
  }

  async handle(request: ListRequest): Promise<void> {
    const { chat, display, forecast } = this.#deps;
    switch (request.type) {
      case "new":
        this.startNew();
        return forecast();
      case "list":
        return display.list(request.query);
      case "open":
        await this.#open(request.id);
        return forecast();
      case "delete":
        return this.#delete(request.id);
      case "undelete":
        await chat.restore(request.id);
        this.#deps.queue.setDeleted(request.id, false);
        return display.relist();
      case "rename":
        return this.#rename(request.id, request.title);
      case "pin":
        return this.#pin(request.id, request.isPinned);
    }
  }

  /** Shows the first screen of a new conversation. */
  startNew(): void {
    this.#deps.display.showNew();
    this.#deps.post({ type: "focus" });
  }

  async #open(id: string): Promise<void> {
    const { display } = this.#deps;
    if (!(await display.open(id))) await display.relist();
  }

  async #delete(id: string): Promise<void> {
    const { chat, display, running, post } = this.#deps;
    running.stop(id);
    const title = await chat.remove(id);
    await this.#deps.onDeleted(id);
    this.#deps.queue.setDeleted(id, true);
    display.forget(id);
    await display.relist();
    if (title !== undefined) post({ type: "deleted", id, title });
  }

  async #rename(id: string, title: string): Promise<void> {
    const { chat, display, onChange } = this.#deps;
    const renamed = await chat.rename(id, title);
    if (renamed !== undefined) onChange(id, (conversation) => ({ ...conversation, title: renamed.title }));
    await display.relist();
  }

  async #pin(id: string, isPinned: boolean): Promise<void> {
    const { chat, display, onChange } = this.#deps;
    await chat.pin(id, isPinned);
    onChange(id, (conversation) => ({ ...conversation, isPinned }));
    await display.relist();
  }
}
