import * as vscode from "vscode";
import type { Prompt } from "../../contract/conversation.ts";
import { registerCommands } from "../commands.ts";
import type { ChatController } from "./chatController.ts";
import type { ChatView } from "./chatView.ts";
import type { PromptCommands } from "./commands/promptCommands.ts";
import { selectionsOrFile } from "./context/selection.ts";

export type ChatCommandsDeps = {
  readonly controller: ChatController;
  readonly view: ChatView;
  readonly commands: Pick<PromptCommands, "fill" | "own">;
  /** Edits the selected code with a prompt. */
  readonly edit: (prompt: Prompt) => Promise<void>;
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
    explain: () => runCommand("explain", deps),
    ask: () => attachForQuestion(deps),
    runPrompt: () => runOwnPrompt(deps),
  });
}

/** Sends a command of the chat with the selected code, or the whole file; or edits the code with it. */
async function runCommand(
  name: string,
  { controller, commands, edit }: ChatCommandsDeps,
  edits = false,
): Promise<void> {
  const filled = await commands.fill({ text: `/${name}`, context: [] });
  if (filled.kind === "missing") return void vscode.window.showInformationMessage(filled.reason);
  await (edits ? edit(filled.prompt) : controller.send(filled.prompt));
}

/** Attaches the selected code, or the whole file, to a question that the user then types. */
async function attachForQuestion({ controller, view, privatePaths }: ChatCommandsDeps): Promise<void> {
  const selected = selectionsOrFile(privatePaths());
  if (selected.kind === "none") {
    await vscode.window.showInformationMessage(selected.reason);
    return;
  }
  await view.reveal();
  await controller.attach(selected.items, "ask");
}

/** Sends one of the user's own prompts with what it attaches: the selected code, as a rule. Or edits the code with it. */
async function runOwnPrompt(deps: ChatCommandsDeps): Promise<void> {
  const own = await deps.commands.own();
  if (own.length === 0) {
    const openSettings = vscode.l10n.t("Open Settings");
    const message = vscode.l10n.t(
      "You have no prompts of your own. Add them in the setting “switchyard.prompts”.",
    );
    if ((await vscode.window.showInformationMessage(message, openSettings)) === openSettings)
      await vscode.commands.executeCommand("workbench.action.openSettings", "switchyard.prompts");
    return;
  }
  const picked = await vscode.window.showQuickPick(
    own.map(({ command: { name, description }, edits }) => {
      const detail = edits
        ? vscode.l10n.t("Edits the selected code")
        : vscode.l10n.t("Is answered in the chat");
      return { label: name, description, detail, edits };
    }),
    { placeHolder: vscode.l10n.t("Which prompt?") },
  );
  if (picked !== undefined) await runCommand(picked.label, deps, picked.edits);
}
