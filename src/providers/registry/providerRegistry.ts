import { lazy } from "../../base/lazy.ts";
import type { ModelRef } from "../../contract/model.ts";
import type { Provider } from "../../contract/provider/provider.ts";
import type { ProviderConfig } from "../../models/providerConfig.ts";
import type { Settings } from "../../settings/schema.ts";
import { findLocalServers, LocalModels, type LocalServer } from "./localModels.ts";
import {
  type ConfiguredProvider,
  configOf,
  configuredProvider,
  type Environment,
  type FoundKey,
  findKey,
  type KeyStore,
  needsKey,
  providerIds,
} from "./providerSettings.ts";

/** What a registry is created with. */
export type ProviderRegistryDeps = {
  readonly settings: () => Settings;
  readonly keys: KeyStore;
  readonly environment: Environment;
  readonly create: (config: ProviderConfig, key: string | undefined) => Provider | Promise<Provider>;
  /** Starts the simulator when it is first called; it answers while no other provider is usable. */
  readonly startSimulator?: (() => Promise<SimulatorAddress>) | undefined;
  /** Receives failures that no request waits for, e.g. a list of models that cannot be read. */
  readonly onError: (error: unknown) => void;
};

type SimulatorAddress = { readonly config: ProviderConfig; readonly key: string };

/** The provider id of the simulator. */
export const SIMULATOR_ID = "simulator";

/**
 * The configured providers with their keys. Settings and keys are read once, and again after `refresh`. Until then each
 * method returns the same promises, because each request calls most of them.
 */
export class ProviderRegistry {
  readonly #deps: ProviderRegistryDeps;
  readonly #simulator: () => Promise<SimulatorAddress>;
  readonly #localModels: LocalModels;
  #all = lazy(() => this.#readAll());
  #onlySimulated = lazy(() => this.#isOnlySimulated());
  #providers = new Map<string, Promise<Provider | undefined>>();

  constructor(deps: ProviderRegistryDeps) {
    this.#deps = deps;
    const { startSimulator } = deps;
    this.#simulator = lazy(async () => {
      if (startSimulator === undefined) throw new Error("There is no simulator.");
      return startSimulator();
    });
    this.#localModels = new LocalModels({
      all: () => this.all(),
      providerFor: (id) => this.providerFor(id),
      onError: deps.onError,
    });
  }

  /** Reads settings, keys and lists of local models again at the next call. */
  refresh(): void {
    this.#all = lazy(() => this.#readAll());
    this.#onlySimulated = lazy(() => this.#isOnlySimulated());
    this.#providers = new Map();
    this.#localModels.refresh();
  }

  /**
   * Every configured provider by its id. The simulator is usable only while no other provider is.
   * @throws what the key store throws; the next call tries again, because a locked keychain may be open then
   */
  all(): Promise<ReadonlyMap<string, ConfiguredProvider>> {
    return this.#all();
  }

  /** Whether the simulator answers because no other provider is usable. */
  onlySimulated(): Promise<boolean> {
    return this.#onlySimulated();
  }

  /** The provider with this id; undefined if it is not configured or not usable. */
  providerFor(id: string): Promise<Provider | undefined> {
    const known = this.#providers.get(id);
    if (known !== undefined) return known;
    const providers = this.#providers;
    const creating = this.#create(id);
    providers.set(id, creating);
    // Only created providers are kept: a failure may be temporary, and clients may send any id.
    const remove = () => providers.delete(id);
    creating.then((provider) => {
      if (provider === undefined) remove();
    }, remove);
    return creating;
  }

  /** The models that the usable local providers list. */
  localModels(nowMs: number): Promise<readonly ModelRef[]> {
    return this.#localModels.get(nowMs);
  }

  /** Like `localModels`, without a request unless no list was ever requested. */
  knownLocalModels(nowMs: number): Promise<readonly ModelRef[]> {
    return this.#localModels.known(nowMs);
  }

  /** The well-known local servers that answer at their usual addresses, configured or not. */
  findLocalServers(): Promise<readonly LocalServer[]> {
    return findLocalServers(this.#deps.create);
  }

  async #readAll(): Promise<ReadonlyMap<string, ConfiguredProvider>> {
    const settings = this.#deps.settings();
    const configs = providerIds(settings).flatMap((id) => configOf(id, settings) ?? []);
    const configured = await Promise.all(
      configs.map(async (config) => {
        const key = await this.#findKey(config.id, settings);
        return configuredProvider(config, key, key !== undefined || !needsKey(config, settings));
      }),
    );
    const all = new Map(configured.map((provider) => [provider.config.id, provider]));
    if (this.#deps.startSimulator !== undefined && !all.has(SIMULATOR_ID)) {
      const config = {
        id: SIMULATOR_ID,
        name: "Simulator",
        kind: "openai-compatible",
        local: false,
      } as const;
      const isNeeded = configured.every(({ usable, problem }) => !usable && problem === undefined);
      all.set(SIMULATOR_ID, configuredProvider(config, undefined, isNeeded));
    }
    return all;
  }

  async #isOnlySimulated(): Promise<boolean> {
    const isConfigured = Object.hasOwn(this.#deps.settings().providers, SIMULATOR_ID);
    return !isConfigured && (await this.all()).get(SIMULATOR_ID)?.usable === true;
  }

  async #create(id: string): Promise<Provider | undefined> {
    const configured = (await this.all()).get(id);
    if (configured === undefined || !configured.usable) return undefined;
    // The settings may name a simulator that runs elsewhere; only the built-in one is started.
    if (id === SIMULATOR_ID && configured.config.baseUrl === undefined) {
      const { config, key } = await this.#simulator();
      return this.#deps.create(config, key);
    }
    const found = await this.#findKey(id, this.#deps.settings());
    return this.#deps.create(configured.config, found?.key);
  }

  #findKey(id: string, settings: Settings): Promise<FoundKey | undefined> {
    return findKey(id, settings, this.#deps.keys, this.#deps.environment);
  }
}
