import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { inProject } from "../../scripts/project.ts";
import { type Clock, systemClock } from "../../src/base/time/clock.ts";
import type { DecisionRecord } from "../../src/contract/history.ts";
import { createEngine } from "../../src/engine/createEngine.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openLedger } from "../../src/ledger/sqlite/open.ts";
import { createUndiciTransport } from "../../src/providers/http/transport/undiciTransport.ts";
import { type RunningServer, startServer } from "../../src/server/server.ts";
import { readSettings } from "../../src/settings/read.ts";
import { type Simulator, startSimulator } from "../../src/simulator/server.ts";
import { memoryFolder, placeEmptyLedger } from "../support/ledgers/emptyLedger.ts";
import { UNREACHED_TIMEOUTS } from "../support/unreachedTimeouts.ts";

export const TOKEN = "the-token-of-this-test";

/** A server over a real engine, ledger and simulator; `east` uses OpenAI's format, `west` Anthropic's. */
export type TestServer = {
  readonly server: RunningServer;
  readonly simulator: Simulator;
  readonly ledger: Ledger;
  /** The folder of the ledger's files. */
  readonly folder: string;
  /** The decision that was saved last. */
  newestDecision(): Promise<DecisionRecord | undefined>;
  /** Errors of the server itself, and of the ledger. */
  readonly errors: readonly unknown[];
  /** Sends a body to `/v1/chat/completions`, with the token unless `init` has headers of its own. */
  chat(body: unknown, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
};

/** @param environment variables in addition to KEY, the simulator's key */
export async function startTestServer(
  raw: Record<string, unknown> = {},
  environment: Readonly<Record<string, string>> = {},
  clock: Clock = systemClock,
): Promise<TestServer> {
  const folder = await mkdtemp(join(memoryFolder, "switchyard-server-"));
  const simulator = await startSimulator({ tokensPerSecond: 0 });
  const { settings } = readSettings({ ...settingsFor(simulator.url), ...raw });
  const file = join(folder, "ledger.db");
  placeEmptyLedger(file);
  const ledger = await openLedger({ file, now: Date.now, randomId: randomUUID });
  const { history } = ledger;
  const saveDecision = history.saveDecision.bind(history);
  let newestId = "";
  history.saveDecision = (record) => {
    newestId = record.decision.id;
    return saveDecision(record);
  };
  const errors: unknown[] = [];
  const transport = createUndiciTransport();
  const { engine, providers, catalogue } = createEngine({
    settings: () => settings,
    modelsDir: inProject("src/models/data"),
    embeddingDir: inProject("src/embedding/data"),
    environment: { ...environment, KEY: simulator.key },
    transport,
    ledger: async () => ledger,
    clock,
    random: () => 0,
    userId: "tester",
    onError: (error) => errors.push(error),
  });
  const server = await startServer({
    engine,
    providers,
    token: TOKEN,
    port: 0,
    settings: () => settings,
    catalogue,
    ledger: async () => ledger,
    now: Date.now,
    onError: (error) => errors.push(error),
  });
  return {
    server,
    simulator,
    ledger,
    folder,
    newestDecision: () => history.decision(newestId),
    errors,
    chat: (body, init = {}) =>
      fetch(`${server.url}/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${TOKEN}` },
        body: typeof body === "string" ? body : JSON.stringify(body),
        ...init,
      }),
    async close() {
      server.abort();
      await server.stop();
      await ledger.close();
      await transport.close();
      await simulator.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Two providers, both the simulator, and routes over both. */
export function settingsFor(simulatorUrl: string): Record<string, unknown> {
  const card = {
    inputUsdPerMTok: 0.15,
    outputUsdPerMTok: 0.6,
    quality: 0.7,
    maxInputTokens: 400_000,
    capabilities: ["vision", "tools"],
  };
  return {
    // The cost of an image is unknown for these models, so with a budget they would be skipped.
    "switchyard.budget.dailyUsd": null,
    "switchyard.timeouts": UNREACHED_TIMEOUTS,
    "switchyard.providers": {
      east: { kind: "openai-compatible", baseUrl: `${simulatorUrl}/openai/v1`, apiKeyEnv: "KEY" },
      west: { kind: "anthropic", baseUrl: `${simulatorUrl}/anthropic`, apiKeyEnv: "KEY" },
    },
    "switchyard.models": {
      "east/sim-cheap": card,
      "east/sim-balanced": card,
      "west/sim-balanced": card,
      "west/sim-cheap": card,
    },
    "switchyard.routes": [
      { name: "Translate", when: { keywords: ["translate"] }, models: ["east/sim-balanced"] },
      { name: "Only west", when: { commands: ["never"] }, models: ["west/sim-cheap"] },
      { name: "east/sim-balanced", when: { commands: ["never"] }, models: ["west/sim-balanced"] },
      { name: "All", models: ["east/sim-cheap", "west/sim-balanced"] },
    ],
  };
}

export const user = (content: unknown) => [{ role: "user", content }];

/** The parsed data of a stream's events. `[DONE]` stays a string. */
export async function eventsOf(response: Response): Promise<readonly unknown[]> {
  const text = await response.text();
  return text
    .split("\n\n")
    .filter((frame) => frame.startsWith("data: "))
    .map((frame) => frame.slice("data: ".length))
    .map((data): unknown => (data === "[DONE]" ? data : JSON.parse(data)));
}
