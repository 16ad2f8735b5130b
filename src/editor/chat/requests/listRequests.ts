import * as vscode from "vscode";
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
    const { display, forecast } = this.#deps;
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
        return this.#undelete(request.id);
      case "rename":
        return this.#rename(request.id, request.title);
      case "pin":
        return this.#pin(request.id, request.isPinned);
      case "export":
        return vscode.commands.executeCommand("switchyard.exportConversation", {
          conversationId: request.id,
        });
      case "import":
        return vscode.commands.executeCommand("switchyard.importConversation");
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

  /** Restores a conversation, and shows it again if it was deleted while it was shown. */
  async #undelete(id: string): Promise<void> {
    const { chat, display, queue } = this.#deps;
    await chat.restore(id);
    queue.setDeleted(id, false);
    if (display.isListShown || display.conversation.turns.length > 0) await display.relist();
    else await this.#open(id);
  }

  async #rename(id: string, title: string): Promise<void> {
    const renamed = await this.#deps.chat.rename(id, title);
    if (renamed !== undefined) await this.#changeHeader(id, { title: renamed.title });
  }

  async #pin(id: string, isPinned: boolean): Promise<void> {
    await this.#deps.chat.pin(id, isPinned);
    await this.#changeHeader(id, { isPinned });
  }

  async #changeHeader(id: string, change: Partial<Pick<Conversation, "title" | "isPinned">>): Promise<void> {
    const { display, onChange, post } = this.#deps;
    onChange(id, (conversation) => ({ ...conversation, ...change }));
    const { conversation } = display;
    if (conversation.id === id) {
      const { title, isPinned = false } = conversation;
      post({ type: "header", id, title, isPinned });
    }
    await display.relist();
  }
}
