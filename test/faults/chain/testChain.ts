import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Clock, systemClock } from "../../../src/base/time/clock.ts";
import type { SubjectHealth } from "../../../src/contract/health.ts";
import type { ModelRef } from "../../../src/contract/model.ts";
import { createEngine } from "../../../src/engine/createEngine.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import type { EngineRequest } from "../../../src/engine/request.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { openLedger } from "../../../src/ledger/sqlite/open.ts";
import { loadCatalogue } from "../../../src/models/catalogueFiles.ts";
import { nodeTransport } from "../../../src/providers/http/transport/nodeTransport.ts";
import type { HttpTransport } from "../../../src/providers/http/transport/transport.ts";
import { createUndiciTransport } from "../../../src/providers/http/transport/undiciTransport.ts";
import { createProvider } from "../../../src/providers/registry/createProvider.ts";
import { readSettings } from "../../../src/settings/read.ts";
import { answerTo } from "../../../src/simulator/answers/answers.ts";
import { type Simulator, startSimulator } from "../../../src/simulator/server.ts";
import { type CollectedAnswer, type CollectOptions, collectAnswer } from "../../support/collectAnswer.ts";
import { promptRequest } from "../../support/engineRequest.ts";
import { memoryFolder, placeEmptyLedger } from "../../support/ledgers/emptyLedger.ts";
import { throwError } from "../../support/throwError.ts";
import { UNREACHED_TIMEOUTS } from "../../support/unreachedTimeouts.ts";

/** Every kind of provider that settings can configure. */
export const KINDS = ["openai", "azure-openai", "openai-compatible", "anthropic"] as const;
export type Kind = (typeof KINDS)[number];

/** The provider id of each kind in the settings. */
const IDS = {
  openai: "openai",
  "azure-openai": "azure",
  "openai-compatible": "box",
  anthropic: "anthropic",
} as const satisfies Record<Kind, string>;

/** These kinds use undici, as `serve` does; the others use Node's own HTTP client, as the editor does. */
const UNDICI_KINDS: readonly string[] = ["azure-openai", "openai-compatible"] satisfies readonly Kind[];

/** The names of a chain's three models at the provider. */
const MODELS = ["sim-premium", "sim-balanced", "sim-cheap"] as const;

const dataDir = (path: string): string => fileURLToPath(new URL(`../../../src/${path}`, import.meta.url));
const MODELS_DIR = dataDir("models/data");
const EMBEDDING_DIR = dataDir("embedding/data");
const catalogue = loadCatalogue(MODELS_DIR);

/** One model of a chain. */
export type ChainModel = {
  readonly kind: Kind;
  readonly id: string;
  readonly ref: ModelRef;
  /** Its name at the provider. */
  readonly model: string;
};

export type TestChainOptions = {
  /** The kinds of the chain's providers, all different. */
  readonly kinds: readonly [Kind, Kind, Kind];
  /** The origin of a provider that is not the simulator, without a slash at the end. */
  readonly elsewhere?: { readonly at: number; readonly origin: string } | undefined;
  /** The first-token limit of each model. */
  readonly timeoutsMs?: readonly (number | undefined)[] | undefined;
  /** The input limit of each model, in tokens. */
  readonly inputLimits?: readonly (number | undefined)[] | undefined;
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  readonly clock?: Clock | undefined;
  /** Called when a provider has received the headers of a response, or a piece of its body. */
  readonly onReceived?: ((what: "headers" | "body") => void) | undefined;
};

/** An engine with its own ledger and simulator. Its one route is a chain of three providers. */
export type TestChain = {
  readonly engine: Engine;
  readonly ledger: Ledger;
  readonly simulator: Simulator;
  readonly chain: readonly ChainModel[];
  /** How many requests each model of the chain received. */
  requestsSeen(): readonly number[];
  healthOf(subject: string): Promise<SubjectHealth | undefined>;
  close(): Promise<void>;
};

export async function startTestChain(options: TestChainOptions): Promise<TestChain> {
  const { clock = systemClock, onReceived = () => undefined } = options;
  const simulator = await startSimulator({ tokensPerSecond: 0 });
  const undici = createUndiciTransport();
  const folder = mkdtempSync(join(memoryFolder, "switchyard-chain-"));
  const file = join(folder, "ledger.db");
  placeEmptyLedger(file);
  const ledger = await openLedger({ file, now: clock.now, randomId: randomUUID });
  const chain = options.kinds.map((kind, at): ChainModel => {
    const model = MODELS[at] ?? "";
    return { kind, model, id: IDS[kind], ref: `${IDS[kind]}/${model}` };
  });
  const { settings, problems } = readSettings(rawSettings(options, chain, simulator.url));
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const { engine } = createEngine({
    settings: () => settings,
    modelsDir: MODELS_DIR,
    embeddingDir: EMBEDDING_DIR,
    environment: { SIM_KEY: simulator.key },
    transport: nodeTransport,
    createProvider: (config, key) =>
      createProvider(
        config,
        key,
        observed(UNDICI_KINDS.includes(config.kind) ? undici : nodeTransport, onReceived),
        clock.now,
      ),
    ledger: async () => ledger,
    catalogue: () => catalogue,
    clock,
    random: () => 1,
    userId: "tester",
    onError: throwError,
  });
  return {
    engine,
    ledger,
    simulator,
    chain,
    requestsSeen: () =>
      chain.map(({ model }) => simulator.requests().filter((request) => request.model === model).length),
    healthOf: async (subject) => (await ledger.health.snapshot()).get(subject),
    async close() {
      await ledger.close();
      await undici.close();
      await simulator.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A transport that reports what it has passed on to its handlers. */
function observed(
  transport: HttpTransport,
  onReceived: NonNullable<TestChainOptions["onReceived"]>,
): HttpTransport {
  return {
    send: (request, handler) =>
      transport.send(request, {
        onHeaders(status, headers) {
          handler.onHeaders(status, headers);
          onReceived("headers");
        },
        onData(chunk) {
          handler.onData(chunk);
          onReceived("body");
        },
        onEnd: () => handler.onEnd(),
        onError: (error) => handler.onError(error),
      }),
  };
}

function rawSettings(
  options: TestChainOptions,
  chain: readonly ChainModel[],
  url: string,
): Record<string, unknown> {
  const origin = (at: number): string => (options.elsewhere?.at === at ? options.elsewhere.origin : url);
  const providers = chain.map(({ kind, id }, at) => [id, providerOf(kind, origin(at))]);
  const cards = chain.map(({ ref }, at) => {
    const maxInputTokens = options.inputLimits?.[at];
    const prices = { inputUsdPerMTok: 1, outputUsdPerMTok: 5 };
    return [ref, { ...prices, quality: 0.7, ...(maxInputTokens === undefined ? {} : { maxInputTokens }) }];
  });
  const models = chain.map(({ ref }, at) => {
    const timeoutMs = options.timeoutsMs?.[at];
    return timeoutMs === undefined ? ref : { model: ref, timeoutMs };
  });
  return {
    "switchyard.providers": Object.fromEntries(providers),
    "switchyard.models": Object.fromEntries(cards),
    "switchyard.routes": [{ name: "Chain", models }],
    "switchyard.budget.dailyUsd": 5,
    "switchyard.timeouts": UNREACHED_TIMEOUTS,
    ...options.settings,
  };
}

/** The settings of a provider. OpenAI and Anthropic are known by their ids. */
function providerOf(kind: Kind, origin: string): Record<string, unknown> {
  const apiKeyEnv = "SIM_KEY";
  switch (kind) {
    case "openai":
      return { apiKeyEnv, baseUrl: `${origin}/openai/v1` };
    case "azure-openai":
      return { apiKeyEnv, kind, endpoint: origin, apiVersion: "2026-06-01" };
    case "openai-compatible":
      return { apiKeyEnv, kind, baseUrl: `${origin}/openai/v1` };
    case "anthropic":
      return { apiKeyEnv, baseUrl: `${origin}/anthropic` };
  }
}

/** The prompt of every request. */
export const PROMPT = "Why is the sky blue?";

/** The simulator's complete answer to the prompt. */
export const COMPLETE_TEXT = [...answerTo([{ role: "user", content: PROMPT }]).pieces].join("");

export function request(more: Partial<EngineRequest> = {}): EngineRequest {
  return promptRequest(PROMPT, more);
}

export function answerOf(
  { engine }: TestChain,
  asked: EngineRequest = request(),
  signal?: AbortSignal,
  onEvent?: CollectOptions["onEvent"],
): Promise<CollectedAnswer> {
  return collectAnswer(engine, asked, { signal, onEvent });
}
