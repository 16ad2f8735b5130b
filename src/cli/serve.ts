import { randomBytes, randomUUID } from "node:crypto";
import { homedir, hostname, userInfo } from "node:os";
import { fileURLToPath } from "node:url";
import { systemClock } from "../base/clock.ts";
import { type BuiltInEmbedder, loadBuiltIn } from "../embedding/builtIn.ts";
import { Engine } from "../engine/engine.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { ledgerFile } from "../ledger/ledgerFile.ts";
import { openLedger } from "../ledger/sqlite/open.ts";
import { uuidV7 } from "../ledger/uuidV7.ts";
import { withProvider } from "../models/catalogue.ts";
import { loadCatalogue } from "../models/catalogueFiles.ts";
import { Connections, STAND_IN } from "../providers/connections.ts";
import { createProvider } from "../providers/createProvider.ts";
import { createUndiciTransport } from "../providers/undiciTransport.ts";
import { type Endpoint, startEndpoint } from "../server/endpoint.ts";
import { SIMULATOR_CARDS } from "../simulator/models.ts";
import { simulatorProviders } from "../simulator/providers.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { boundHeap } from "./heap.ts";
import type { ServeArguments } from "./serveArguments.ts";
import { readSettingsFile } from "./settingsFile.ts";
import { EXIT, reasonOf, type Terminal, UsageError } from "./terminal.ts";
import { whenTold } from "./whenTold.ts";

type Asked = Extract<ServeArguments, { kind: "serve" }>;

/** The port used without `--port`. */
const DEFAULT_PORT = 4141;

/** `switchyard serve`: answers until it is told to stop, and gives the exit code. */
export async function runServe(asked: Asked, terminal: Terminal): Promise<number> {
  try {
    return await run(asked, terminal);
  } catch (error) {
    // Told here: this file is loaded late, and its classes are not those of the program that called it.
    if (!(error instanceof UsageError)) throw error;
    terminal.stderr.write(`switchyard: ${error.message}\n`);
    return EXIT.usage;
  }
}

async function run(asked: Asked, { stdout, stderr, dataDir }: Terminal): Promise<number> {
  const tell = (words: string): void => {
    stderr.write(`switchyard: ${words}\n`);
  };
  boundHeap();
  const folder = fileURLToPath(dataDir);
  const catalogue = withProvider(await loadCatalogue(folder), STAND_IN, SIMULATOR_CARDS);
  const { settings, notes } = await readSettingsFile(asked.settings, catalogue);
  for (const note of notes) stderr.write(`${note}\n`);

  const file =
    asked.ledger ?? ledgerFile({ platform: process.platform, env: process.env, homeDir: homedir() });
  let ledger: Ledger;
  try {
    ledger = await openLedger({ file, now: systemClock.now, randomId: randomUUID });
  } catch (error) {
    tell(`The ledger ${file} cannot be opened: ${reasonOf(error)}.`);
    return EXIT.failed;
  }
  if (ledger.notice !== undefined) tell(ledger.notice);

  const transport = createUndiciTransport();
  let simulator: Promise<Simulator> | undefined;
  let builtIn: Promise<BuiltInEmbedder> | undefined;
  const connections = new Connections({
    settings: () => settings,
    keys: { get: async () => undefined },
    environment: process.env,
    create: (config, key) => createProvider(config, key, transport.makeTransport),
    standIn: async () => {
      simulator ??= startSimulator();
      const { url, key } = await simulator;
      return { config: simulatorProviders(url).simulator, key };
    },
  });
  const engine = new Engine({
    settings: () => settings,
    catalogue: async () => catalogue,
    connections,
    builtInEmbedder: () => {
      builtIn ??= loadBuiltIn(folder);
      return builtIn;
    },
    ledger: async () => ledger,
    clock: systemClock,
    random: Math.random,
    newId: () => uuidV7(systemClock.now()),
    userId: `${userInfo().username}@${hostname()}`,
  });

  const token = asked.token ?? `sy-${randomBytes(24).toString("base64url")}`;
  const port = asked.port ?? DEFAULT_PORT;
  let endpoint: Endpoint;
  try {
    endpoint = await startEndpoint({
      engine,
      connections,
      token,
      port,
      settings: () => settings,
      catalogue: async () => catalogue,
      now: systemClock.now,
      onError: (error) => tell(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    });
  } catch (error) {
    await ledger.close();
    tell(startError(error, port));
    return EXIT.failed;
  }
  const isSimulated = await connections.onlySimulated();
  const over = whenTold(
    ["SIGINT", "SIGTERM"],
    () => endpoint.stop(),
    () => endpoint.cut(),
  );
  // In one piece: who reads it has all of it.
  stdout.write(
    [
      `Switchyard listens on ${endpoint.url}`,
      ...(asked.token === undefined ? [`Token: ${token}`] : []),
      ...(isSimulated ? ["No provider has a key: the simulator answers, and nothing is spent."] : []),
      "",
    ].join("\n"),
  );
  await over;
  await ledger.close();
  await transport.close();
  await (await simulator)?.stop();
  return EXIT.ok;
}

function startError(error: unknown, port: number): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return `Port ${port} of 127.0.0.1 is in use: name another one by --port.`;
  return `Port ${port} of 127.0.0.1 cannot be listened on: ${reasonOf(error)}.`;
}
