import * as vscode from "vscode";
import { ACTION_PROMPTS, type Action } from "../../assistant/actions.ts";
import { codeContext } from "./activeEditor.ts";
import type { ConversationHost } from "./chatController.ts";

/** Sends the selected code to the chat with what is asked of it; `ask` leaves the question to the user. Without a selection it is the whole file. */
export async function askAboutSelection(
  action: Action,
  host: ConversationHost,
  showView: () => Promise<void>,
  privatePaths: () => readonly string[],
): Promise<void> {
  const context = codeContext(privatePaths());
  if (context === undefined) {
    await vscode.window.showInformationMessage(vscode.l10n.t("Open a file and select some code first."));
    return;
  }
  if (action === "ask") {
    await showView();
    host.attach(action);
    return;
  }
  await host.askAbout({ text: ACTION_PROMPTS[action], command: action, context: [context] });
}
