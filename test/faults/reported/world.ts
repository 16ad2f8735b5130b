import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { vi } from "vitest";
import { inProject } from "../../../scripts/project.ts";
import type { AnswerSummary } from "../../../src/contract/answer.ts";
import type { ModelRef } from "../../../src/contract/model.ts";
import { createEngine } from "../../../src/engine/createEngine.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { openLedger } from "../../../src/ledger/sqlite/open.ts";
import { loadCatalogue } from "../../../src/models/catalogueFiles.ts";
import { nodeTransport } from "../../../src/providers/http/transport/nodeTransport.ts";
import { createUndiciTransport } from "../../../src/providers/http/transport/undiciTransport.ts";
import type { ProviderRegistry } from "../../../src/providers/registry/providerRegistry.ts";
import { startServer } from "../../../src/server/server.ts";
import { readSettings } from "../../../src/settings/read.ts";
import { startSimulator } from "../../../src/simulator/server.ts";
import { memoryFolder, placeEmptyLedger } from "../../support/ledgers/emptyLedger.ts";
import { throwError } from "../../support/throwError.ts";
import { type ScriptedUpstream, startUpstream } from "./scriptedUpstream.ts";
import { Arrivals, manualClock, useManualTime } from "./time.ts";

export const TOKEN = "the-token-of-this-test";

/** The editor uses Node's own HTTP client, `serve` undici. */
export type TransportName = "node" | "undici";

/** An engine and `serve`'s server over a real ledger. `up` is the scripted provider, and `alt` a healthy one. */
export type CaseWorld = {
  readonly engine: Engine;
  readonly providers: ProviderRegistry;
  readonly ledger: Ledger;
  readonly upstream: ScriptedUpstream;
  /** The origin of `serve`'s server. */
  readonly origin: string;
  /** The summaries of all answers, oldest first. */
  readonly summaries: readonly AnswerSummary[];
  /** How many requests the models have received. */
  requestsTo(ref: ModelRef): number;
  close(): Promise<void>;
};

export type WorldOptions = {
  readonly transport: TransportName;
  /** The format of `up`. */
  readonly wire: "openai" | "anthropic";
  readonly price?: Readonly<Record<string, unknown>> | undefined;
  readonly models?: Readonly<Record<string, unknown>> | undefined;
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
};

const PRICE = {
  inputUsdPerMTok: 1,
  cacheReadUsdPerMTok: 0.1,
  cacheWriteUsdPerMTok: 1.25,
  outputUsdPerMTok: 4,
};

const catalogue = loadCatalogue(inProject("src/models/data"));

/** Starts the world of a case. Until it is closed, the timers of this process are manual. */
export async function startWorld(options: WorldOptions): Promise<CaseWorld> {
  const simulator = await startSimulator({ tokensPerSecond: 0 });
  const arrivals = new Arrivals();
  const upstream = await startUpstream(arrivals);
  const undici = createUndiciTransport();
  const transport = arrivals.counted(options.transport === "node" ? nodeTransport : undici);
  const folder = mkdtempSync(join(memoryFolder, "switchyard-reported-"));
  useManualTime();
  const file = join(folder, "ledger.db");
  placeEmptyLedger(file);
  const ledger = await openLedger({ file, now: manualClock.now, randomId: randomUUID });
  const summaries: AnswerSummary[] = [];
  const { history } = ledger;
  const saveSummary = history.saveSummary.bind(history);
  history.saveSummary = (summary) => {
    summaries.push(summary);
    return saveSummary(summary);
  };
  const { settings, problems } = readSettings(rawSettings(options, upstream.origin, simulator.url));
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const parts = createEngine({
    settings: () => settings,
    modelsDir: inProject("src/models/data"),
    embeddingDir: inProject("src/embedding/data"),
    environment: { KEY: simulator.key },
    transport,
    ledger: async () => ledger,
    catalogue: () => catalogue,
    clock: manualClock,
    random: () => 0.5,
    userId: "tester",
    onError: throwError,
  });
  const { engine, providers } = parts;
  const server = await startServer({
    engine,
    providers,
    token: TOKEN,
    port: 0,
    settings: () => settings,
    catalogue: parts.catalogue,
    ledger: parts.ledger,
    now: manualClock.now,
    onError: throwError,
  });
  return {
    engine,
    providers,
    ledger,
    upstream,
    origin: new URL(server.url).origin,
    summaries,
    requestsTo: (ref) =>
      ref === "alt/m"
        ? simulator.requestCount()
        : upstream.requests.filter(({ path }) => path.startsWith(`/${ref.split("/")[0]}/`)).length,
    async close() {
      server.abort();
      await server.stop();
      await ledger.close();
      await undici.close();
      await simulator.stop();
      upstream.close();
      vi.useRealTimers();
      rmSync(folder, { recursive: true });
    },
  };
}

function rawSettings(
  { wire, price, models = {}, settings }: WorldOptions,
  upstream: string,
  simulator: string,
): Record<string, unknown> {
  const apiKeyEnv = "KEY";
  const openai = (id: string) => ({ kind: "openai-compatible", baseUrl: `${upstream}/${id}/v1`, apiKeyEnv });
  const anthropic = (id: string) => ({ kind: "anthropic", baseUrl: `${upstream}/${id}`, apiKeyEnv });
  const own = {
    "up/m": { ...PRICE, quality: 0.7, capabilities: ["tools"], ...price },
    "ant/m": { ...PRICE, quality: 0.7, capabilities: ["tools", "vision"] },
    // The healthy model is the simulator's.
    "alt/m": { ...PRICE, quality: 0.7, capabilities: ["tools"], deployment: "sim-balanced" },
    "openrouter/small": { ...PRICE, quality: 0.7 },
  };
  const corrected = Object.entries(own).map(([ref, card]) => {
    const change = models[ref];
    return [ref, typeof change === "object" ? { ...card, ...change } : card];
  });
  return {
    "switchyard.providers": {
      up: wire === "openai" ? openai("up") : anthropic("up"),
      alt: { kind: "openai-compatible", baseUrl: `${simulator}/openai/v1`, apiKeyEnv },
      ant: anthropic("ant"),
      openrouter: { baseUrl: `${upstream}/openrouter/v1`, apiKeyEnv },
    },
    "switchyard.models": Object.fromEntries(corrected),
    "switchyard.routes": [{ name: "r", models: ["up/m", "alt/m"] }],
    ...settings,
  };
}
