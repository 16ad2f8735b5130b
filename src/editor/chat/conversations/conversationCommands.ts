import * as vscode from "vscode";
import type { Chat } from "../../../assistant/chat.ts";
import { isRecord } from "../../../base/isRecord.ts";
import type { Conversation } from "../../../contract/conversation.ts";
import { registerCommands } from "../../commands.ts";
import type { ChatController } from "../chatController.ts";
import type { ChatView } from "../chatView.ts";
import { ConversationFiles, type ConversationFilesDeps } from "./conversationFiles.ts";

export type ConversationCommandsDeps = ConversationFilesDeps & {
  readonly chat: Pick<Chat, "open">;
  readonly controller: Pick<ChatController, "handle" | "conversation" | "find">;
  readonly view: Pick<ChatView, "reveal">;
  readonly onError: (error: unknown) => void;
};

/**
 * Registers what a user does with one conversation, in its menu or in the palette. A menu passes the conversation's id
 * (`data-vscode-context` in the view); in the palette it is the conversation that is shown.
 */
export function registerConversationCommands(deps: ConversationCommandsDeps): vscode.Disposable {
  const { controller, view, onError } = deps;
  const files = new ConversationFiles(deps);
  const pin = (isPinned: boolean) => async (argument?: unknown) => {
    const id = conversationId(argument, deps);
    if (id !== undefined) await controller.handle({ type: "pin", id, isPinned });
  };
  return registerCommands({
    findInConversation: async () => {
      await view.reveal();
      controller.find();
    },
    renameConversation: (argument) => rename(argument, deps),
    pinConversation: pin(true),
    unpinConversation: pin(false),
    exportConversation: async (argument) => {
      const id = conversationId(argument, deps);
      if (id !== undefined) await files.export(id).catch(onError);
    },
    importConversation: async () => {
      const id = await files.import().catch(onError);
      if (id === undefined) return;
      await view.reveal();
      await controller.handle({ type: "open", id });
    },
    deleteConversation: async (argument) => {
      const id = conversationId(argument, deps);
      if (id === undefined) return;
      await view.reveal();
      await controller.handle({ type: "delete", id });
    },
  });
}

async function rename(argument: unknown, deps: ConversationCommandsDeps): Promise<void> {
  const id = conversationId(argument, deps);
  const found = id === undefined ? undefined : await deps.chat.open(id);
  if (id === undefined || found === undefined) return;
  const title = await vscode.window.showInputBox({
    title: vscode.l10n.t("Rename Conversation"),
    value: found.title,
    validateInput: (text) => (text.trim() === "" ? vscode.l10n.t("Enter a title.") : undefined),
  });
  if (title !== undefined) await deps.controller.handle({ type: "rename", id, title });
}

/** Returns the id that a menu passes, else that of the shown conversation. Shows a message if there is none. */
function conversationId(
  argument: unknown,
  { controller }: { readonly controller: { readonly conversation: Conversation } },
): string | undefined {
  const passed = isRecord(argument) ? argument["conversationId"] : undefined;
  if (typeof passed === "string") return passed;
  if (controller.conversation.turns.length > 0) return controller.conversation.id;
  void vscode.window.showInformationMessage(vscode.l10n.t("Open a conversation first."));
  return undefined;
}
