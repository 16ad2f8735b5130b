import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import { Chat } from "./assistant/chat.ts";
import { systemClock } from "./dispatch/clock.ts";
import { BudgetWarning } from "./editor/chat/budgetWarning.ts";
import { ConversationHost } from "./editor/chat/chatHost.ts";
import { ChatView } from "./editor/chat/chatView.ts";
import { registerCommands } from "./editor/commands.ts";
import { lazily } from "./editor/lazily.ts";
import { SecretKeys } from "./editor/secretKeys.ts";
import { ProblemReport } from "./editor/settings/problemReport.ts";
import { SettingsSource } from "./editor/settings/settingsSource.ts";
import { SpendWatch } from "./editor/spendWatch.ts";
import { StatusBar } from "./editor/statusBar/statusBar.ts";
import { userIdIn } from "./editor/userId.ts";
import { Engine } from "./engine.ts";
import { ledgerFile } from "./ledger/ledgerFile.ts";
import { openLedger } from "./ledger/sqlite/open.ts";
import { loadCatalogue, withProvider } from "./models/catalogue.ts";
import { Connections, STAND_IN } from "./providers/connections.ts";
import { createProvider } from "./providers/createProvider.ts";
import { createTransport } from "./providers/transport.ts";

/** Builds everything once, and hands it over. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("Switchyard", { log: true });
  const onError = (error: unknown) => log.error(error instanceof Error ? error : String(error));
  const { now } = systemClock;
  const settings = new SettingsSource();
  const keys = new SecretKeys(context.secrets);
  const view = new ChatView(context.extensionUri, onError);
  context.subscriptions.push(log, settings, vscode.window.registerWebviewViewProvider(ChatView.id, view));

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
    create: (config, key) => createProvider(config, key, createTransport),
    standIn: async () => {
      const { simulatorProviders } = await import("./simulator/providers.ts");
      const { url, key } = await simulator();
      return { config: simulatorProviders(url).simulator, key };
    },
  });
  const catalogue = lazily(async () => {
    const { SIMULATOR_CARDS } = await import("./simulator/models.ts");
    const bundled = await loadCatalogue(path.join(context.extensionPath, "dist", "data"));
    return withProvider(bundled, STAND_IN, SIMULATOR_CARDS);
  });

  const file = ledgerFile({ platform: process.platform, env: process.env, homeDir: homedir() });
  const ledger = await openLedger({ file, now, randomId: randomUUID });
  if (ledger.notice !== undefined) void vscode.window.showWarningMessage(ledger.notice);
  const engine = new Engine({
    settings: () => settings.current,
    catalogue,
    connections,
    ledger: async () => ledger,
    clock: systemClock,
    random: Math.random,
    newId: randomUUID,
    userId: await userIdIn(context.globalState),
  });
  const chat = new Chat({ engine, history: async () => ledger.history, now, newId: randomUUID });
  const spend = new SpendWatch(ledger, settings, onError);
  const statusBar = new StatusBar({ ledger, spend, settings, connections, now, onError });
  const warning = new BudgetWarning(
    context.globalState,
    () => spend.today?.period ?? "",
    () => settings.current.budget.warnAt,
  );
  const host = new ConversationHost({
    chat,
    connections,
    spend,
    warning,
    now,
    privatePaths: () => settings.current.privatePaths,
    post: (message) => view.post(message),
    showView: () => view.show(),
    onBusy: (busy) => statusBar.setBusy(busy),
    onAnswered: (model) => void statusBar.answered(model).catch(onError),
  });
  view.connect(host);

  const problems = new ProblemReport(log);
  const lookAgain = () => {
    connections.forget();
    void Promise.all([host.tellReadiness(), statusBar.refresh(), problems.report(settings.problems)]).catch(
      onError,
    );
  };
  context.subscriptions.push(
    spend,
    statusBar,
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
      spend,
      statusBar,
      simulator,
      now,
      models: () => engine.models(),
    }),
    { dispose: () => host.dispose() },
    { dispose: () => void ledger.close().catch(onError) },
  );
  void spend.refresh().catch(onError);
  lookAgain();
}
