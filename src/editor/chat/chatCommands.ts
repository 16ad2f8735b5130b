import * as vscode from "vscode";
import { ACTION_PROMPTS, type Action } from "../../assistant/request.ts";
import { registerCommands } from "../commands.ts";
import type { ChatController } from "./chatController.ts";
import type { ChatView } from "./chatView.ts";
import { selectionsOrFile } from "./context/selection.ts";

export type ChatCommandsDeps = {
  readonly controller: ChatController;
  readonly view: ChatView;
  readonly privatePaths: () => readonly string[];
};

/** Registers the commands that open the chat view and send selected code there. */
export function registerChatCommands(deps: ChatCommandsDeps): vscode.Disposable {
  const { controller, view } = deps;
  return registerCommands({
    openChat: () => view.reveal(),
    newConversation: async () => {
      await view.reveal();
      controller.startNew();
    },
    showConversations: async () => {
      await view.reveal();
      await controller.showList();
    },
    explain: () => runAction("explain", deps),
    fix: () => runAction("fix", deps),
    ask: () => runAction("ask", deps),
  });
}

/** Sends the selected code, or the whole file, with the action's prompt. `ask` attaches it to a prompt of the user's. */
async function runAction(
  action: Action,
  { controller, view, privatePaths }: ChatCommandsDeps,
): Promise<void> {
  const selected = selectionsOrFile(privatePaths());
  if (selected.kind === "none") {
    await vscode.window.showInformationMessage(selected.reason);
    return;
  }
  if (action === "ask") {
    await view.reveal();
    await controller.attach(selected.items, action);
    return;
  }
  await controller.send({ text: ACTION_PROMPTS[action], command: action, context: selected.items });
}
