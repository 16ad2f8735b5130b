import { v7 as uuidV7 } from "uuid";
import { lazy } from "../base/lazy.ts";
import { type Clock, systemClock } from "../base/time/clock.ts";
import type { Provider } from "../contract/provider/provider.ts";
import { loadBuiltIn } from "../embedding/builtIn.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { type Catalogue, type ListedCard, withProvider } from "../models/catalogue.ts";
import { loadCatalogue } from "../models/catalogueFiles.ts";
import type { ProviderConfig } from "../models/providerConfig.ts";
import type { HttpTransport } from "../providers/http/transport/transport.ts";
import { Refusals } from "../providers/refusals.ts";
import { createProvider } from "../providers/registry/createProvider.ts";
import { ProviderRegistry, SIMULATOR_ID } from "../providers/registry/providerRegistry.ts";
import type { KeyStore } from "../providers/registry/providerSettings.ts";
import type { Settings } from "../settings/schema.ts";
import { Engine } from "./engine.ts";

/** What an engine needs from the program that runs it. */
export type EngineHost = {
  /** The settings as they are now. */
  readonly settings: () => Settings;
  /** The folder with the price list and the quality figures. */
  readonly modelsDir: string;
  /** The folder with the table of the built-in embedder. */
  readonly embeddingDir: string;
  /** Stored API keys. Keys in the environment are read without it. */
  readonly keys?: KeyStore | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly transport: HttpTransport;
  /** Opened with the first request. */
  readonly ledger: () => Promise<Ledger>;
  /** Answers while no provider is configured. Without it, no model is available then. */
  readonly simulator?: SimulatorHost | undefined;
  /** The user in experiments, unless the settings name one. */
  readonly userId: string;
  /** Receives errors that do not end an answer: of the ledger, and of lists of models that cannot be read. */
  readonly onError: (error: unknown) => void;

  /** By default the system clock. */
  readonly clock?: Clock | undefined;
  /** 0 to 1, for jitter. By default random. */
  readonly random?: (() => number) | undefined;
  /** By default UUIDs in the order of time (RFC 9562, version 7). */
  readonly newId?: (() => string) | undefined;
  /** By default read from `modelsDir`. */
  readonly catalogue?: (() => Promise<Catalogue>) | undefined;
  /** By default a provider over `transport`. */
  readonly createProvider?: ((config: ProviderConfig, key: string | undefined) => Provider) | undefined;
};

/** The simulator as a provider. It is started when it is first needed. */
export type SimulatorHost = {
  readonly cards: readonly ListedCard[];
  readonly start: () => Promise<{ readonly config: ProviderConfig; readonly key: string }>;
};

/** An engine and its parts. */
export type EngineParts = {
  readonly engine: Engine;
  readonly providers: ProviderRegistry;
  readonly catalogue: () => Promise<Catalogue>;
  readonly ledger: () => Promise<Ledger>;
};

/** Wires the ledger, the providers, the catalogue and the engine. Nothing is loaded or opened before it is needed. */
export function createEngine(host: EngineHost): EngineParts {
  const { settings, modelsDir, embeddingDir, transport, simulator, clock = systemClock } = host;
  const catalogue = lazy(async () => {
    const listed = await (host.catalogue ?? (() => loadCatalogue(modelsDir)))();
    return simulator === undefined ? listed : withProvider(listed, SIMULATOR_ID, simulator.cards);
  });
  const refusals = new Refusals();
  const providers = new ProviderRegistry({
    settings,
    keys: host.keys ?? NO_STORED_KEYS,
    environment: host.environment,
    create:
      host.createProvider ?? ((config, key) => createProvider(config, key, transport, clock.now, refusals)),
    startSimulator: simulator?.start,
    onError: host.onError,
  });
  const ledger = lazy(host.ledger);
  const engine = new Engine({
    settings,
    catalogue,
    providers,
    ledger,
    builtInEmbedder: lazy(() => loadBuiltIn(embeddingDir)),
    clock,
    random: host.random ?? Math.random,
    newId: host.newId ?? (() => uuidV7()),
    userId: host.userId,
    onError: host.onError,
  });
  return { engine, providers, catalogue, ledger };
}

const NO_STORED_KEYS: KeyStore = { get: async () => undefined };
