import * as vscode from "vscode";
import { lazy } from "../../base/lazy.ts";
import type { Turn } from "../../contract/conversation.ts";
import type { CodeRequest } from "../../contract/view/codeMessages.ts";
import type { ToView } from "../../contract/view/protocol.ts";
import { registerCommands } from "../commands.ts";
import type { WriteCode } from "./proposals.ts";
import { PROPOSAL_SCHEME } from "./textEditors.ts";

export type CodeRequestsDeps = {
  readonly post: (message: ToView) => void;
  /** A turn of the conversation that is shown. */
  readonly turn: (id: string) => Turn | undefined;
  readonly write: WriteCode;
};

/**
 * Carries out what the user does with the code, links and file names of an answer, and registers the commands of the
 * diff editor that shows a proposal.
 */
export class CodeRequests implements vscode.Disposable {
  readonly #deps: CodeRequestsDeps;
  readonly #subscriptions: vscode.Disposable[] = [];
  readonly #actions = lazy(async () => {
    const { CodeActions } = await import("./codeActions.ts");
    const actions = new CodeActions(this.#deps.write);
    this.#subscriptions.push(actions);
    return actions;
  });

  constructor(deps: CodeRequestsDeps) {
    this.#deps = deps;
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
      case "useCode": {
        const turn = request.turnId === undefined ? undefined : this.#deps.turn(request.turnId);
        return (await this.#actions()).use(request.use, { ...request.code, turn });
      }
      case "checkPaths": {
        const { files } = await this.#actions();
        return this.#deps.post({
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
