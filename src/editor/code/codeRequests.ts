import * as vscode from "vscode";
import { lazy } from "../../base/lazy.ts";
import type { CodeRequest } from "../../contract/view/codeMessages.ts";
import type { ToView } from "../../contract/view/protocol.ts";
import { registerCommands } from "../commands.ts";
import { PROPOSAL_SCHEME } from "./textEditors.ts";

/**
 * Carries out what the user does with the code, links and file names of an answer, and registers the commands of the
 * diff editor that shows a proposal.
 */
export class CodeRequests implements vscode.Disposable {
  readonly #post: (message: ToView) => void;
  readonly #subscriptions: vscode.Disposable[] = [];
  readonly #actions = lazy(async () => {
    const { CodeActions } = await import("./codeActions.ts");
    const actions = new CodeActions();
    this.#subscriptions.push(actions);
    return actions;
  });

  constructor(post: (message: ToView) => void) {
    this.#post = post;
    this.#subscriptions.push(
      registerCommands({
        acceptProposal: async (shown) => (await this.#actions()).proposals.accept(shown),
        discardProposal: async (shown) => (await this.#actions()).proposals.discard(shown),
      }),
    );
    // A reload of the window restores the diff editors of proposals, but not the proposals.
    const restored = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(
        ({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.scheme === PROPOSAL_SCHEME,
      );
    if (restored.length > 0) void vscode.window.tabGroups.close(restored);
  }

  async handle(request: CodeRequest): Promise<void> {
    switch (request.type) {
      case "copy":
        await vscode.env.clipboard.writeText(request.text);
        return;
      case "openLink":
        return openLink(request.href);
      case "useCode":
        return (await this.#actions()).use(request.use, request.code);
      case "checkPaths": {
        const { files } = await this.#actions();
        return this.#post({
          type: "paths",
          checked: request.names,
          found: await files.existing(request.names),
        });
      }
      case "openPath":
        return (await this.#actions()).files.open(request.name);
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** Opens a web or mail link of an answer, after VS Code's own confirmation. Other links are ignored. */
async function openLink(href: string): Promise<void> {
  if (/^(https?|mailto):/i.test(href)) await vscode.env.openExternal(vscode.Uri.parse(href, true));
}
