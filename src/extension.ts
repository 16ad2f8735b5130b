import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import * as path from "node:path";
import { v7 as uuidV7 } from "uuid";
import * as vscode from "vscode";
import { Chat } from "./assistant/chat.ts";
import { systemClock } from "./base/clock.ts";
import { lazy } from "./base/lazy.ts";
import { BudgetEditor, registerBudgetCommands } from "./editor/budget/budgetEditor.ts";
import { BudgetWarning, SpendWatch } from "./editor/budget/spendWatch.ts";
import { registerChatCommands } from "./editor/chat/chatCommands.ts";
import { ChatController } from "./editor/chat/chatController.ts";
import { ChatView } from "./editor/chat/chatView.ts";
import { registerModelCommands } from "./editor/models/modelCommands.ts";
import { registerSimulatorCommands } from "./editor/models/simulatorFaults.ts";
import { registerKeyCommands, SecretKeys } from "./editor/providers/keys.ts";
import { registerLocalModelCommands } from "./editor/providers/localModels.ts";
import { registerReportCommands } from "./editor/reports/reportCommands.ts";
import { registerSettingsCommands, SettingProblems } from "./editor/settings/settingProblems.ts";
import { SettingsSource } from "./editor/settings/settingsSource.ts";
import { startWithLedger, userIdIn } from "./editor/startup.ts";
import { StatusBar } from "./editor/statusBar/statusBar.ts";
import { ledgerFile } from "./ledger/ledgerFile.ts";
import { withProvider } from "./models/catalogue.ts";
import { loadCatalogue } from "./models/catalogueFiles.ts";
import { ProviderRegistry, SIMULATOR_ID } from "./providers/registry/providerRegistry.ts";
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
  const keys = new SecretKeys(context.secrets);
  const dataDir = path.join(context.extensionPath, "dist", "data");

  const simulator = lazy(async () => {
    const { startSimulator } = await import("./simulator/server.ts");
    const started = await startSimulator();
    context.subscriptions.push({ dispose: () => void started.stop() });
    return started;
  });
  const providers = new ProviderRegistry({
    settings,
    keys,
    environment: process.env,
    create: async (config, key) => (await import("./engine/liveEngine.ts")).liveProvider(config, key),
    startSimulator: async () => {
      const { url, key } = await simulator();
      return { config: simulatorProviders(url).simulator, key };
    },
  });
  const catalogue = lazy(async () =>
    withProvider(await loadCatalogue(dataDir), SIMULATOR_ID, SIMULATOR_CARDS),
  );
  const ledger = lazy(
    async () => {
      const { openLedger } = await import("./ledger/sqlite/open.ts");
      const file = ledgerFile({ platform: process.platform, env: process.env, homeDir: homedir() });
      return openLedger({ file, now, randomId: randomUUID });
    },
    (opened) => {
      const parts = { settings: settingsSource, spend, statusBar, now, onError };
      context.subscriptions.push(startWithLedger(opened, parts));
    },
  );
  const history = async () => (await ledger()).history;
  const engine = lazy(async () => {
    const { liveEmbedder, liveEngine } = await import("./engine/liveEngine.ts");
    return liveEngine({
      settings,
      catalogue,
      providers,
      ledger,
      builtInEmbedder: lazy(() => liveEmbedder(dataDir)),
      clock: systemClock,
      random: Math.random,
      newId,
      onError,
      userId: userIdIn(context.globalState, onError),
    });
  });
  const chat = new Chat({ engine, history, now, newId });

  const spend = new SpendWatch(ledger, settingsSource);
  const statusBar = new StatusBar({ ledger, spend, settings: settingsSource, providers, now, onError });
  const budget = new BudgetEditor(settings, ledger);
  const view = new ChatView(context.extensionUri, showError);
  const controller = new ChatController({
    chat,
    view,
    providers,
    spend,
    warning: new BudgetWarning(
      context.globalState,
      () => spend.today?.period ?? "",
      () => settings().budget.warnAt,
    ),
    now,
    privatePaths,
    changeBudget: (period) => budget.change(period),
    onBusy: (busy) => statusBar.setBusy(busy),
    onAnswered: (model) => void statusBar.setLastModel(model).catch(onError),
  });
  view.connect(controller);
  const problems = new SettingProblems(log, catalogue);
  const onConfigurationChange = () => {
    providers.refresh();
    void Promise.all([
      controller.postProviders(),
      statusBar.refresh(),
      problems.report(settingsSource.read),
    ]).catch(onError);
  };
  // Activation does not wait for these: they start in the next turn of the event loop.
  const start = setImmediate(() => {
    void ledger().catch(showError);
    void problems.report(settingsSource.read).catch(showError);
  });
  stop = async () => {
    controller.dispose();
    await (await ledger()).close();
  };

  context.subscriptions.push(
    log,
    settingsSource,
    spend,
    statusBar,
    { dispose: () => clearImmediate(start) },
    settingsSource.onDidChange(onConfigurationChange),
    keys.onDidChange(onConfigurationChange),
    spend.onDidChange(() => controller.postBudget()),
    vscode.window.registerWebviewViewProvider(ChatView.id, view),
    registerChatCommands({ controller, view, privatePaths }),
    registerBudgetCommands(budget),
    registerKeyCommands({ keys, providers, settings }),
    registerLocalModelCommands({ providers, settings }),
    registerModelCommands({ ledger, models: async () => (await engine()).models(), now }),
    registerSettingsCommands(),
    registerReportCommands({ engine, chat, history, settings, privatePaths }),
    registerSimulatorCommands(simulator),
  );
}

/** Set by `activate`: stops running answers and closes the ledger. */
let stop: (() => Promise<void>) | undefined;

/** VS Code waits for this, unlike for disposables: running answers are stopped and settled, and the ledger is closed. */
export async function deactivate(): Promise<void> {
  await stop?.();
}
