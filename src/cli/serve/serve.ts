import { randomBytes } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../base/time/clock.ts";
import { splitRef } from "../../contract/model.ts";
import { createEngine } from "../../engine/createEngine.ts";
import { withProvider } from "../../models/catalogue.ts";
import { loadCatalogue } from "../../models/catalogueFiles.ts";
import { type Proxies, proxiesIn } from "../../providers/http/transport/proxies.ts";
import { createUndiciTransport } from "../../providers/http/transport/undiciTransport.ts";
import { type ProviderRegistry, SIMULATOR_ID } from "../../providers/registry/providerRegistry.ts";
import { describeKeyVariables } from "../../providers/registry/providerSettings.ts";
import { type RunningServer, startServer } from "../../server/server.ts";
import type { Settings } from "../../settings/schema.ts";
import { SIMULATOR_CARDS, simulatorProviders } from "../../simulator/models.ts";
import { type Simulator, startSimulator } from "../../simulator/server.ts";
import type { ServeOptions } from "../arguments.ts";
import { openNamedLedger } from "../ledger.ts";
import { EXIT, reasonOf, type Terminal, UsageError } from "../terminal.ts";
import { writeText } from "../writer.ts";
import { boundHeap } from "./heap.ts";
import { LiveSettings } from "./liveSettings.ts";

/** Runs `switchyard serve` until a signal stops it. Returns the exit code. @throws UsageError */
export async function runServe(
  options: ServeOptions,
  { stdout, stderr, dataDir }: Terminal,
): Promise<number> {
  const report = (text: string): void => {
    stderr.write(`switchyard: ${text}\n`);
  };
  const onError = (error: unknown): void =>
    report(error instanceof Error ? (error.stack ?? error.message) : String(error));
  boundHeap();
  const folder = fileURLToPath(dataDir);
  const catalogue = withProvider(await loadCatalogue(folder), SIMULATOR_ID, SIMULATOR_CARDS);
  const proxies = proxiesOf(process.env);
  const settings = await LiveSettings.read({
    file: options.settings,
    catalogue,
    isLenient: options.lenient,
    onProblem: (problem) => void stderr.write(`${problem}\n`),
    report,
  });

  const ledger = await openNamedLedger(options.ledger);
  if (ledger.notice !== undefined) report(ledger.notice);

  const transport = createUndiciTransport(proxies);
  let simulator: Promise<Simulator> | undefined;
  const { engine, providers } = createEngine({
    settings: () => settings.current,
    modelsDir: folder,
    embeddingDir: folder,
    environment: process.env,
    transport,
    ledger: async () => ledger,
    catalogue: async () => catalogue,
    simulator: {
      cards: SIMULATOR_CARDS,
      start: async () => {
        simulator ??= startSimulator();
        const { url, key } = await simulator;
        return { config: simulatorProviders(url).simulator, key };
      },
    },
    userId: `${userInfo().username}@${hostname()}`,
    onError,
  });

  const token = options.token ?? `sy-${randomBytes(24).toString("base64url")}`;
  let server: RunningServer;
  try {
    server = await startServer({
      engine,
      providers,
      token,
      port: options.port,
      settings: () => settings.current,
      catalogue: async () => catalogue,
      ledger: async () => ledger,
      now: systemClock.now,
      onError,
    });
  } catch (error) {
    await ledger.close();
    report(startError(error, options.port));
    return EXIT.failed;
  }
  const stopped = stopOnSignal(
    ["SIGINT", "SIGTERM"],
    () => server.stop(),
    () => server.abort(),
  );
  // One write, so that a program that reads the first line can read the token too.
  const lines = [
    `Switchyard listens on ${server.url}`,
    ...(options.token === undefined ? [`Token: ${token}`] : []),
    ...(await keyNotices(settings.current, providers)),
    "",
  ];
  try {
    await writeText(stdout, "stdout", lines.join("\n"));
    settings.watch(() => providers.refresh());
    await stopped;
    settings.stop();
  } finally {
    await server.stop();
    await ledger.close();
    await transport.close();
    await (await simulator)?.stop();
  }
  return EXIT.ok;
}

/** What the missing keys mean for requests, as sentences. */
async function keyNotices(settings: Settings, providers: ProviderRegistry): Promise<readonly string[]> {
  const { routes } = settings;
  const isSimulated = await providers.onlySimulated();
  if (routes.length === 0)
    return isSimulated ? ["No provider has an API key. The simulator answers, and nothing is spent."] : [];
  const configured = await providers.all();
  const named = new Set(routes.flatMap(({ models }) => models.map(({ model }) => splitRef(model).provider)));
  const notices = [...named]
    .filter((id) => id !== SIMULATOR_ID && configured.get(id)?.usable === false)
    .map(
      (id) =>
        `No API key for ${id}, so its models are skipped. Set ${describeKeyVariables(id, settings)} to use them.`,
    );
  const alwaysMatches = routes.some(({ when, examples }) => when === undefined && examples === undefined);
  if (isSimulated && !alwaysMatches)
    notices.push("The simulator answers requests that match no route, and nothing is spent.");
  return notices;
}

/** @throws UsageError if a variable holds no address */
function proxiesOf(environment: NodeJS.ProcessEnv): Proxies | undefined {
  try {
    return proxiesIn(environment);
  } catch (error) {
    throw new UsageError(reasonOf(error));
  }
}

function startError(error: unknown, port: number): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return `Port ${port} on 127.0.0.1 is in use. Choose another one with --port.`;
  return `Cannot listen on port ${port} of 127.0.0.1: ${reasonOf(error)}.`;
}

/** Waits for a signal and then for `stop`. A second signal calls `cut`, which lets `stop` return at once. */
async function stopOnSignal(
  signals: readonly NodeJS.Signals[],
  stop: () => Promise<void>,
  cut: () => void,
): Promise<void> {
  let onSignal: () => void = () => undefined;
  const listener = (): void => onSignal();
  for (const signal of signals) process.on(signal, listener);
  try {
    await new Promise<void>((resolve) => {
      onSignal = resolve;
    });
    onSignal = cut;
    await stop();
  } finally {
    for (const signal of signals) process.off(signal, listener);
  }
}
