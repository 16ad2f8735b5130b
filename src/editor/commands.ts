import * as vscode from "vscode";
import type { Ledger } from "../ledger/ledger.ts";
import type { Connections } from "../providers/connections.ts";
import type { BudgetCommand } from "./budget/changeBudget.ts";
import { askAboutSelection } from "./chat/chatCommands.ts";
import type { ConversationHost } from "./chat/chatController.ts";
import type { ChatView } from "./chat/chatView.ts";
import { resetBreaker, switchModelOff, switchModelOn } from "./models/modelCommands.ts";
import { type Misbehaving, misbehave } from "./models/simulatorCommand.ts";
import { KeyCommands } from "./providers/keyCommands.ts";
import { findLocalModels } from "./providers/localModels.ts";
import type { SecretKeys } from "./providers/secretKeys.ts";
import type { VirtualDocuments } from "./reports/reportDocuments.ts";
import { openSetting } from "./settings/settingProblems.ts";
import type { SettingsSource } from "./settings/settingsSource.ts";
import type { StatusBar } from "./statusBar/statusBar.ts";
import type { TryRoutesDeps } from "./tryRoutes/tryRoutes.ts";

export type CommandDeps = {
  readonly host: ConversationHost;
  readonly view: ChatView;
  readonly ledger: () => Promise<Ledger>;
  readonly connections: Connections;
  readonly keys: SecretKeys;
  readonly settings: SettingsSource;
  readonly budgetCommand: BudgetCommand;
  readonly statusBar: StatusBar;
  readonly simulator: () => Promise<Misbehaving>;
  /** The models that could be asked now. */
  readonly models: () => Promise<readonly string[]>;
  readonly documents: VirtualDocuments;
  readonly tryRoutes: TryRoutesDeps;
  readonly now: () => number;
};

/** Registers every command of the manifest. */
export function registerCommands(deps: CommandDeps): readonly vscode.Disposable[] {
  const {
    host,
    view,
    ledger,
    connections,
    keys,
    settings,
    budgetCommand,
    statusBar,
    simulator,
    models,
    now,
  } = deps;
  const keyCommands = new KeyCommands(keys, connections, () => settings.current);
  const privatePaths = () => settings.current.privatePaths;
  const showView = () => view.show();
  const commands: Readonly<Record<string, (argument?: unknown) => unknown>> = {
    openChat: showView,
    newConversation: async () => {
      await showView();
      host.startNew();
    },
    showConversations: async () => {
      await showView();
      await host.showList();
    },
    explain: () => askAboutSelection("explain", host, showView, privatePaths),
    fix: () => askAboutSelection("fix", host, showView, privatePaths),
    ask: () => askAboutSelection("ask", host, showView, privatePaths),
    changeDailyBudget: () => budgetCommand.change("day"),
    showMenu: () => statusBar.showMenu(),
    resetBreaker: async (subject) => resetBreaker(await ledger(), now(), textOrNothing(subject)),
    switchModelOff: async () => switchModelOff(await ledger(), await models()),
    switchModelOn: async (ref) => switchModelOn(await ledger(), textOrNothing(ref)),
    addProviderKey: (provider) => keyCommands.add(textOrNothing(provider)),
    removeProviderKey: () => keyCommands.remove(),
    findLocalModels: () => findLocalModels(() => settings.current, connections),
    openSettings: () =>
      vscode.commands.executeCommand("workbench.action.openSettings", "@ext:switchyard.switchyard"),
    tryRoutes: async () => (await import("./tryRoutes/tryRoutes.ts")).tryRoutes(deps.tryRoutes),
    showExperiments: async () => {
      const { showExperiments } = await import("./experiments/showExperiments.ts");
      await showExperiments((await ledger()).history, settings.current, deps.documents);
    },
    editRoutes: () => openSetting("switchyard.routes"),
    misbehave: async () => misbehave(await simulator()),
  };
  return Object.entries(commands).map(([name, run]) =>
    vscode.commands.registerCommand(`switchyard.${name}`, (argument?: unknown) => run(argument)),
  );
}

/** Commands may be called by anybody: menus hand over a context of their own. */
function textOrNothing(argument: unknown): string | undefined {
  return typeof argument === "string" ? argument : undefined;
}
