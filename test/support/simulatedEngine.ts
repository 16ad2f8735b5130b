import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { inProject } from "../../scripts/project.ts";
import type { Clock } from "../../src/base/time/clock.ts";
import { createEngine } from "../../src/engine/createEngine.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openLedger } from "../../src/ledger/sqlite/open.ts";
import { nodeTransport } from "../../src/providers/http/transport/nodeTransport.ts";
import type { HttpTransport } from "../../src/providers/http/transport/transport.ts";
import { readSettings } from "../../src/settings/read.ts";
import { SIMULATOR_CARDS, simulatorProviders } from "../../src/simulator/models.ts";
import { type Simulator, startSimulator } from "../../src/simulator/server.ts";
import { memoryFolder, placeEmptyLedger } from "./ledgers/emptyLedger.ts";
import { throwError } from "./throwError.ts";

/** The simulator of a file's tests, without its fault rules after each of them. */
export let simulator: Simulator;
let folder: string;
const open: Ledger[] = [];

/** Starts and stops the simulator, and closes the ledgers. A test file that uses `engineWith` calls it once. */
export function useSimulator(): void {
  beforeAll(async () => {
    simulator = await startSimulator({ tokensPerSecond: 0 });
    folder = await mkdtemp(join(memoryFolder, "switchyard-engine-"));
  });
  afterEach(() => simulator.clear());
  afterAll(async () => {
    for (const ledger of open.splice(0)) await ledger.close();
    await simulator.stop();
    await rm(folder, { recursive: true, force: true });
  });
}

/** An engine with a new ledger. Its settings name the simulator like any other provider, in both wire formats. */
export async function engineWith(
  raw: Record<string, unknown> = {},
  environment: Record<string, string> = { KEY: simulator.key },
  transport: HttpTransport = nodeTransport,
  clock?: Clock,
) {
  const prices = Object.fromEntries(
    SIMULATOR_CARDS.filter(({ local }) => !local).flatMap(({ wireName, inputUsdPerMTok, outputUsdPerMTok }) =>
      ["east", "west"].map(
        (id) => [`${id}/${wireName}`, { inputUsdPerMTok, outputUsdPerMTok, quality: 0.7 }] as const,
      ),
    ),
  );
  const { settings, problems } = readSettings({
    "switchyard.providers": {
      east: { kind: "openai-compatible", baseUrl: `${simulator.url}/openai/v1`, apiKeyEnv: "KEY" },
      west: { kind: "anthropic", baseUrl: `${simulator.url}/anthropic`, apiKeyEnv: "KEY" },
      home: {
        kind: "openai-compatible",
        baseUrl: `${simulator.url}/openai/v1`,
        apiKeyEnv: "KEY",
        local: true,
      },
    },
    "switchyard.models": prices,
    "switchyard.routes": [{ name: "All", models: ["east/sim-cheap", "west/sim-balanced"] }],
    ...raw,
  });
  expect(problems).toEqual([]);
  const file = join(folder, `${randomUUID()}.db`);
  placeEmptyLedger(file);
  const ledger = await openLedger({ file, now: Date.now, randomId: randomUUID });
  open.push(ledger);
  const { engine, providers } = createEngine({
    settings: () => settings,
    modelsDir: inProject("src/models/data"),
    embeddingDir: inProject("src/embedding/data"),
    environment,
    transport,
    clock,
    ledger: async () => ledger,
    simulator: {
      cards: SIMULATOR_CARDS,
      start: async () => ({ config: simulatorProviders(simulator.url).simulator, key: simulator.key }),
    },
    random: () => 0,
    newId: randomUUID,
    userId: "tester",
    onError: throwError,
  });
  return { engine, ledger, providers };
}
