import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import * as path from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { Chat } from "./assistant/chat.ts";
import { systemClock } from "./base/clock.ts";
import { BudgetWarning } from "./editor/budget/budgetWarning.ts";
import { BudgetCommand } from "./editor/budget/changeBudget.ts";
import { SpendWatch } from "./editor/budget/spendWatch.ts";
import { ConversationHost } from "./editor/chat/chatController.ts";
import { ChatView } from "./editor/chat/chatView.ts";
import { registerCommands } from "./editor/commands.ts";
import { lazily } from "./editor/lazily.ts";
import { SecretKeys } from "./editor/providers/secretKeys.ts";
import { VirtualDocuments } from "./editor/reports/reportDocuments.ts";
import { ProblemReport } from "./editor/settings/settingProblems.ts";
import { SettingsSource } from "./editor/settings/settingsSource.ts";
import { StatusBar } from "./editor/statusBar/statusBar.ts";
import { tellNotices } from "./editor/tellNotices.ts";
import { userIdIn } from "./editor/userId.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { ledgerFile } from "./ledger/ledgerFile.ts";
import { uuidV7 } from "./ledger/uuidV7.ts";
import { withProvider } from "./models/catalogue.ts";
import { loadCatalogue } from "./models/catalogueFiles.ts";
import { Connections, STAND_IN } from "./providers/connections.ts";
import { SIMULATOR_CARDS } from "./simulator/models.ts";
import { simulatorProviders } from "./simulator/providers.ts";

/** Builds everything once, and hands it over. */
export function activate(context: vscode.ExtensionContext): void {
  // The texts of explain/ come from this library, so that they are the same in the view and in the server.
  if (vscode.l10n.bundle !== undefined) l10n.config({ contents: vscode.l10n.bundle });
  const log = vscode.window.createOutputChannel("Switchyard", { log: true });
  const onError = (error: unknown) => log.error(error instanceof Error ? error : String(error));
  const tell = (error: unknown) => {
    onError(error);
    const words = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t("Switchyard: {error}", { error: words }));
  };
  const { now } = systemClock;
  const settings = new SettingsSource();
  const keys = new SecretKeys(context.secrets);
  const view = new ChatView(context.extensionUri, tell);
  context.subscriptions.push(log, settings, vscode.window.registerWebviewViewProvider(ChatView.id, view));

  const dataDir = path.join(context.extensionPath, "dist", "data");
  const simulator = lazily(async () => {
    const { startSimulator } = await import("./simulator/server.ts");
    const started = await startSimulator();
    context.subscriptions.push({ dispose: () => void started.stop() });
    return started;
  });
  const connections = new Connections({
    settings: () => settings.current,
    keys,
    environment: process.env,
    create: async (config, key) => (await import("./engine/liveEngine.ts")).liveProvider(config, key),
    standIn: async () => {
      const { url, key } = await simulator();
      return { config: simulatorProviders(url).simulator, key };
    },
  });
  const catalogue = lazily(async () => withProvider(await loadCatalogue(dataDir), STAND_IN, SIMULATOR_CARDS));

  const ledger = lazily(
    async () => {
      const { openLedger } = await import("./ledger/sqlite/open.ts");
      const file = ledgerFile({ platform: process.platform, env: process.env, homeDir: homedir() });
      return openLedger({ file, now, randomId: randomUUID });
    },
    // Whoever opens it: where the start fails, the next prompt does.
    (open) => watch(open, { context, settings, spend, statusBar, onError }),
  );
  const engine = lazily(async () => {
    const { liveEmbedder, liveEngine } = await import("./engine/liveEngine.ts");
    return liveEngine({
      settings: () => settings.current,
      catalogue,
      connections,
      ledger,
      builtInEmbedder: lazily(() => liveEmbedder(dataDir)),
      clock: systemClock,
      random: Math.random,
      newId: () => uuidV7(now()),
      userId: userIdIn(context.globalState, onError),
    });
  });
  const chat = new Chat({
    engine,
    history: async () => (await ledger()).history,
    now,
    newId: () => uuidV7(now()),
  });
  const spend = new SpendWatch(ledger, settings);
  const statusBar = new StatusBar({ ledger, spend, settings, connections, now, onError });
  const warning = new BudgetWarning(
    context.globalState,
    () => spend.today?.period ?? "",
    () => settings.current.budget.warnAt,
  );
  const budgetCommand = new BudgetCommand(() => settings.current, ledger);
  const host = new ConversationHost({
    chat,
    connections,
    spend,
    warning,
    now,
    changeBudget: (period) => budgetCommand.change(period),
    privatePaths: () => settings.current.privatePaths,
    post: (message) => view.post(message),
    showView: () => view.show(),
    onBusy: (busy) => statusBar.setBusy(busy),
    onAnswered: (model) => void statusBar.answered(model).catch(onError),
  });
  view.connect(host);

  const documents = new VirtualDocuments();
  const problems = new ProblemReport(log, catalogue);
  const lookAgain = () => {
    connections.forget();
    void Promise.all([host.tellProviders(), statusBar.refresh(), problems.report(settings.read)]).catch(
      onError,
    );
  };
  context.subscriptions.push(
    spend,
    statusBar,
    documents,
    spend.onDidChange(() => host.tellBudget()),
    settings.onDidChange(lookAgain),
    keys.onDidChange(lookAgain),
    ...registerCommands({
      host,
      view,
      ledger,
      connections,
      keys,
      settings,
      budgetCommand,
      statusBar,
      simulator,
      now,
      models: async () => (await engine()).models(),
      documents,
      tryRoutes: { engine, chat, documents, privatePaths: () => settings.current.privatePaths },
    }),
  );
  end = async () => {
    host.dispose();
    await (await ledger()).close();
  };
  // The editor waits for neither: they begin once it has been told that Switchyard is there. And neither hides what is wrong
  // with the other.
  const begin = setImmediate(() => {
    void ledger().catch(tell);
    void problems.report(settings.read).catch(tell);
  });
  context.subscriptions.push({ dispose: () => clearImmediate(begin) });
}

/** What is left to do at the end, once there is something. */
let end: (() => Promise<void>) | undefined;

/** The editor waits for this, as it does for no disposable: answers are stopped and settled, and the ledger is written. */
export async function deactivate(): Promise<void> {
  await end?.();
}

type Watched = {
  readonly context: vscode.ExtensionContext;
  readonly settings: SettingsSource;
  readonly spend: SpendWatch;
  readonly statusBar: StatusBar;
  readonly onError: (error: unknown) => void;
};

/** What begins once the ledger is open. */
function watch(ledger: Ledger, { context, settings, spend, statusBar, onError }: Watched): void {
  const show = (notice: string) => void vscode.window.showWarningMessage(notice);
  context.subscriptions.push({ dispose: tellNotices(ledger, show) });
  const { conversations, history } = settings.current;
  const keep = { conversationDays: conversations.keepDays, historyDays: history.keepDays };
  void spend.start(ledger, onError).catch(onError);
  void statusBar.start(ledger).catch(onError);
  void ledger.history.forget(keep, Date.now()).catch(onError);
}
