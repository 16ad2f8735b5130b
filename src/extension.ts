import * as path from "node:path";
import { v7 as uuidV7 } from "uuid";
import * as vscode from "vscode";
import { Chat } from "./assistant/chat.ts";
import { lazy } from "./base/lazy.ts";
import { systemClock } from "./base/time/clock.ts";
import { startTimer } from "./base/time/timer.ts";
import { BudgetEditor, registerBudgetCommands } from "./editor/budget/budgetEditor.ts";
import { BudgetWarning, SpendWatch } from "./editor/budget/spendWatch.ts";
import { registerChatCommands } from "./editor/chat/chatCommands.ts";
import { ChatController } from "./editor/chat/chatController.ts";
import { ChatView } from "./editor/chat/chatView.ts";
import { PromptCommands } from "./editor/chat/commands/promptCommands.ts";
import { promptSources, watchPromptSources } from "./editor/chat/commands/promptSources.ts";
import { WorkspacePrompts } from "./editor/chat/commands/workspacePrompts.ts";
import { globsForSentPaths } from "./editor/chat/context/places.ts";
import { TerminalOutput } from "./editor/chat/context/terminal.ts";
import { registerConversationCommands } from "./editor/chat/conversations/conversationCommands.ts";
import { WindowState } from "./editor/chat/windowState.ts";
import { CodeRequests } from "./editor/code/codeRequests.ts";
import { EditCommands } from "./editor/edits/editCommands.ts";
import { registerModelCommands } from "./editor/models/modelCommands.ts";
import { registerSimulatorCommands } from "./editor/models/simulatorFaults.ts";
import { registerKeyCommands, warnOfLostKeys } from "./editor/providers/keys.ts";
import { registerLocalModelCommands } from "./editor/providers/localModels.ts";
import { SecretKeys } from "./editor/providers/secretKeys.ts";
import { registerReportCommands } from "./editor/reports/reportCommands.ts";
import { ReportDocuments } from "./editor/reports/reportDocuments.ts";
import { registerSettingsCommands, SettingProblems } from "./editor/settings/settingProblems.ts";
import { SettingsSource } from "./editor/settings/settingsSource.ts";
import { startWithLedger, userIdIn } from "./editor/startup.ts";
import { StatusBar } from "./editor/statusBar/statusBar.ts";
import { SIMULATOR_CARDS, simulatorProviders } from "./simulator/models.ts";

/** Builds every part of the extension once and connects them. What is slow to load is loaded when it is first used. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Switchyard", { log: true });
  const onError = (error: unknown) => log.error(error instanceof Error ? error : String(error));
  const showError = (error: unknown) => {
    onError(error);
    const message = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t("Switchyard: {error}", { error: message }));
  };
  const { now } = systemClock;
  const newId = () => uuidV7();
  const settingsSource = new SettingsSource();
  const settings = () => settingsSource.current;
  const privatePaths = () => settings().privatePaths;
  const keys = new SecretKeys({ secrets: context.secrets, memento: context.globalState, onError });

  const simulator = lazy(async () => {
    const { startSimulator } = await import("./simulator/server.ts");
    const started = await startSimulator();
    context.subscriptions.push({ dispose: () => void started.stop() });
    return started;
  });
  const parts = lazy(async () => {
    const { createEditorEngine } = await import("./editor/editorEngine.ts");
    return createEditorEngine({
      settings,
      keys,
      dataDir: path.join(context.extensionPath, "dist", "data"),
      simulator: {
        cards: SIMULATOR_CARDS,
        start: async () => {
          const { url, key } = await simulator();
          return { config: simulatorProviders(url).simulator, key };
        },
      },
      userId: userIdIn(context.globalState, onError),
      onError,
    });
  });
  const engine = async () => (await parts()).engine;
  const providers = async () => (await parts()).providers;
  const catalogue = async () => (await parts()).catalogue();
  const ledger = lazy(
    async () => (await parts()).ledger(),
    (opened) => {
      const started = startWithLedger(opened, { settings: settingsSource, spend, statusBar, now, onError });
      context.subscriptions.push(started);
    },
  );
  const history = async () => (await ledger()).history;
  const chat = new Chat({
    engine,
    history,
    privatePaths: () => globsForSentPaths(privatePaths()),
    now,
    newId,
  });

  const spend = new SpendWatch(ledger, settingsSource);
  const statusBar = new StatusBar({ ledger, spend, settings: settingsSource, providers, now, onError });
  const budget = new BudgetEditor(settings, ledger);
  const terminal = new TerminalOutput(onError);
  const workspacePrompts = new WorkspacePrompts(log);
  const commands = new PromptCommands({
    settings: () => settings().prompts,
    workspace: workspacePrompts,
    sources: promptSources(privatePaths, now),
  });
  const view = new ChatView(context.extensionUri, showError);
  const code = new CodeRequests({
    post: (message) => view.post(message),
    turn: (id) => controller.conversation.turns.find((turn) => turn.id === id),
    write: (...args) => edits.writeAccepted(...args),
  });
  const controller = new ChatController({
    chat,
    code,
    history,
    view,
    providers,
    spend,
    warning: new BudgetWarning(
      context.globalState,
      () => spend.today?.period ?? "",
      () => settings().budget.warnAt,
    ),
    state: new WindowState(context.workspaceState, onError),
    commands,
    terminal,
    now,
    privatePaths,
    dial: () => settings().dial,
    changeBudget: (limit) => budget.change(limit),
    onBusy: (busy) => statusBar.setBusy(busy),
    onAnswered: (model) => void statusBar.setLastModel(model).catch(onError),
    onError,
  });
  view.connect(controller);
  const documents = new ReportDocuments();
  const edits = new EditCommands({
    engine,
    providers,
    settings,
    privatePaths,
    documents,
    clock: systemClock,
    changeBudget: (limit) => budget.change(limit),
    onAnswered: (model) => {
      void spend.refresh().catch(onError);
      if (model !== undefined) void statusBar.setLastModel(model).catch(onError);
    },
    startTimer,
    verifySettings: () => settingsSource.read.settings.verify,
    memory: context.globalState,
    onError,
  });
  const problems = new SettingProblems(log, catalogue);
  const refreshProviders = async () => {
    (await providers()).refresh();
    await Promise.all([
      controller.postProviders(),
      statusBar.refresh(),
      problems.report(settingsSource.read),
    ]);
  };
  const keyCommands = { keys, providers, settings, environment: process.env };
  const onConfigurationChange = () => void refreshProviders().catch(onError);
  const postCommands = () => void controller.postCommands().catch(onError);
  // Activation does not wait for these: they start in the next turn of the event loop.
  const start = setImmediate(() => {
    void ledger().catch(showError);
    void controller.restoreBadge().catch(onError);
    void problems.report(settingsSource.read).catch(showError);
    void warnOfLostKeys(keyCommands).catch(showError);
  });
  stop = async () => {
    await controller.close();
    await edits.close();
    await (await ledger()).close();
  };

  context.subscriptions.push(
    log,
    settingsSource,
    spend,
    statusBar,
    terminal,
    workspacePrompts,
    { dispose: () => clearImmediate(start) },
    settingsSource.onDidChange(onConfigurationChange),
    settingsSource.onDidChange(postCommands),
    workspacePrompts.onDidChange(postCommands),
    watchPromptSources(() => void controller.refreshCommand().catch(onError)),
    keys.onDidChange(onConfigurationChange),
    spend.onDidChange(() => controller.postBudget()),
    vscode.window.registerWebviewViewProvider(ChatView.id, view),
    documents,
    edits,
    registerChatCommands({
      controller,
      view,
      commands,
      privatePaths,
      edit: (prompt) => edits.editBy(prompt),
    }),
    registerConversationCommands({ chat, controller, view, history, now, newId, onError: showError }),
    registerBudgetCommands(budget),
    registerKeyCommands(keyCommands),
    registerLocalModelCommands({ providers, settings }),
    registerModelCommands({ ledger, models: async () => (await engine()).models(), now }),
    registerSettingsCommands(),
    registerReportCommands({ engine, chat, history, settings, privatePaths, documents }),
    registerSimulatorCommands(simulator),
  );
}

/** Set by `activate`: interrupts running answers and closes the ledger. */
let stop: (() => Promise<void>) | undefined;

/** VS Code waits for this, unlike for disposables: running answers are saved and settled, and the ledger is closed. */
export async function deactivate(): Promise<void> {
  await stop?.();
}
