import * as vscode from "vscode";
import type { StatusRequest } from "../../../contract/view/statusMessages.ts";
import type { ProviderRegistry } from "../../../providers/registry/providerRegistry.ts";
import type { BudgetWarning, SpendWatch } from "../../budget/spendWatch.ts";
import type { ChatView } from "../chatView.ts";
import type { ConversationDisplay } from "../conversationDisplay.ts";

export type StatusRequestsDeps = {
  readonly view: Pick<ChatView, "isReady" | "post">;
  readonly providers: () => Promise<Pick<ProviderRegistry, "onlySimulated" | "all">>;
  readonly spend: Pick<SpendWatch, "view" | "conversation">;
  readonly warning: BudgetWarning;
  readonly display: Pick<ConversationDisplay, "conversation">;
  readonly onError: (error: unknown) => void;
};

/** Posts what the view shows of budget and providers, and carries out what the user does about them. */
export class StatusRequests {
  readonly #deps: StatusRequestsDeps;

  constructor(deps: StatusRequestsDeps) {
    this.#deps = deps;
  }

  async handle(request: StatusRequest): Promise<void> {
    const { view, warning } = this.#deps;
    switch (request.type) {
      case "replaceKey":
        return vscode.commands.executeCommand("switchyard.addProviderKey", request.provider);
      case "resetBreaker":
        return vscode.commands.executeCommand("switchyard.resetBreaker", request.ref);
      case "dismissWarning":
        await warning.dismiss();
        return view.post({ type: "budgetWarning", percent: null });
      case "command":
        return vscode.commands.executeCommand(COMMANDS[request.command]);
    }
  }

  /** Posts today's spend, and the warning if a threshold is passed. */
  postBudget(): void {
    const { spend, view, warning } = this.#deps;
    view.post({ type: "budget", budget: spend.view });
    view.post({ type: "budgetWarning", percent: warning.percentFor(spend.view) });
    this.postConversationBudget();
  }

  /** Posts what the shown conversation has cost, and its limit. */
  postConversationBudget(): void {
    const { spend, view, display, onError } = this.#deps;
    const { conversation } = display;
    if (!view.isReady || conversation.turns.length === 0) return;
    const posted = spend
      .conversation(conversation)
      .then((budget) => view.post({ type: "conversationBudget", budget }));
    void posted.catch(onError);
  }

  /** Posts the names of the providers, and whether any but the simulator can answer. */
  async postProviders(): Promise<void> {
    const { view } = this.#deps;
    const providers = await this.#deps.providers();
    const simulated = await providers.onlySimulated();
    view.post({ type: "readiness", readiness: { kind: simulated ? "simulator" : "ready" } });
    const names = [...(await providers.all())].map(([id, { name }]) => [id, name] as const);
    view.post({ type: "providers", names: Object.fromEntries(names) });
  }
}

const COMMANDS = {
  addKey: "switchyard.addProviderKey",
  changeBudget: "switchyard.changeDailyBudget",
  openSettings: "switchyard.openSettings",
  editRoutes: "switchyard.editRoutes",
  findLocalModels: "switchyard.findLocalModels",
  exportConversation: "switchyard.exportConversation",
} as const;
