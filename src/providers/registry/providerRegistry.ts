import { createHash } from "node:crypto";
import type { ModelRef } from "../../contract/model.ts";
import type { Provider } from "../../contract/provider.ts";
import type { ProviderConfig } from "../../models/providerConfig.ts";
import { WELL_KNOWN } from "../../models/providerConfig.ts";
import type { Settings } from "../../settings/schema.ts";
import { type FoundKey, findKey, type KeySource, type KeyStore } from "./keys.ts";
import { configOf, needsKey, providerIds } from "./providerSettings.ts";

/** A configured provider, and whether it can be asked. */
export type ConfiguredProvider = {
  readonly config: ProviderConfig;
  readonly name: string;
  /** It has a key, or needs none. */
  readonly usable: boolean;
  readonly local: boolean;
  readonly keySource?: KeySource;
  /** A hash of the key: a key that did not work is not tried again until it changes. */
  readonly fingerprint: string;
};

export type ProviderRegistryDeps = {
  readonly settings: () => Settings;
  readonly keys: KeyStore;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly create: (config: ProviderConfig, key: string | undefined) => Provider | Promise<Provider>;
  /** Answers while no other provider can: the simulator, started when it is first needed. */
  readonly startSimulator?: () => Promise<{ readonly config: ProviderConfig; readonly key: string }>;
};

/** The id of the simulator that answers while nothing is configured. */
export const SIMULATOR_ID = "simulator";

/** How long a local server's list of models holds. */
const LIST_MS = 30_000;
const LIST_TIMEOUT_MS = 2000;

/** The configured providers with their keys, looked up once and again after `forget`. */
export class ProviderRegistry {
  readonly #deps: ProviderRegistryDeps;
  #all: Promise<ReadonlyMap<string, ConfiguredProvider>> | undefined;
  readonly #providers = new Map<string, { readonly of: ConfiguredProvider; readonly provider: Provider }>();
  #standIn: Promise<{ readonly config: ProviderConfig; readonly key: string }> | undefined;
  readonly #listed = new Map<
    string,
    { readonly atMs: number; readonly models: Promise<readonly string[]> }
  >();

  constructor(deps: ProviderRegistryDeps) {
    this.#deps = deps;
  }

  /** Looks settings and keys up again at the next question. */
  refresh(): void {
    this.#all = undefined;
    this.#listed.clear();
  }

  /** Every configured provider; the simulator alone counts as usable while nothing else is. */
  all(): Promise<ReadonlyMap<string, ConfiguredProvider>> {
    if (this.#all === undefined) {
      const looking = this.#look();
      this.#all = looking;
      // A failure is not kept: a locked keychain may be open at the next question.
      looking.catch(() => {
        if (this.#all === looking) this.#all = undefined;
      });
    }
    return this.#all;
  }

  /** Whether only the simulator can answer. */
  async onlySimulated(): Promise<boolean> {
    return (
      (await this.all()).get(SIMULATOR_ID)?.usable === true &&
      this.#deps.settings().providers[SIMULATOR_ID] === undefined
    );
  }

  /** The provider of an id; undefined where it is not known or has no key. */
  async providerFor(id: string): Promise<Provider | undefined> {
    const connection = (await this.all()).get(id);
    if (connection === undefined || !connection.usable) return undefined;
    const made = this.#providers.get(id);
    if (made?.of === connection) return made.provider;
    const simulated = connection.config.id === SIMULATOR_ID && connection.config.baseUrl === undefined;
    const { config, key } = simulated
      ? await this.#startStandIn()
      : { config: connection.config, key: await this.#keyOf(id) };
    const provider = await this.#deps.create(config, key);
    this.#providers.set(id, { of: connection, provider });
    return provider;
  }

  /** The models that usable local providers say they have. A server that does not answer has none. */
  async localModels(nowMs: number): Promise<readonly ModelRef[]> {
    const local = [...(await this.all()).values()].filter(
      (connection) => connection.usable && connection.local,
    );
    const lists = await Promise.all(
      local.map(async ({ config: { id } }) => (await this.#list(id, nowMs)).map((model) => `${id}/${model}`)),
    );
    return lists.flat();
  }

  /** The well-known local servers that answer at their usual addresses, configured or not. */
  async findLocalServers(): Promise<
    readonly { readonly id: string; readonly name: string; readonly models: number }[]
  > {
    const local = Object.entries(WELL_KNOWN).filter(([, each]) => each.local);
    const found = await Promise.allSettled(
      local.map(async ([id, { name, kind, baseUrl }]) => {
        const provider = await this.#deps.create({ id, name, kind, baseUrl, local: true }, undefined);
        const models = await provider.listModels(AbortSignal.timeout(LIST_TIMEOUT_MS));
        return { id, name, models: models.length };
      }),
    );
    return found.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  }

  async #look(): Promise<ReadonlyMap<string, ConfiguredProvider>> {
    const settings = this.#deps.settings();
    const found = await Promise.all(
      providerIds(settings).map(async (id): Promise<readonly [string, ConfiguredProvider][]> => {
        const config = configOf(id, settings);
        if (config === undefined) return [];
        const key = await findKey(id, settings, this.#deps.keys, this.#deps.environment);
        return [[id, connectionOf(config, key, key !== undefined || !needsKey(config, settings))]];
      }),
    );
    const all = new Map(found.flat());
    if (this.#deps.startSimulator !== undefined && !all.has(SIMULATOR_ID)) {
      const nobodyElse = [...all.values()].every(({ usable }) => !usable);
      const config = {
        id: SIMULATOR_ID,
        name: "Simulator",
        kind: "openai-compatible",
        local: false,
      } as const;
      all.set(SIMULATOR_ID, connectionOf(config, undefined, nobodyElse));
    }
    return all;
  }

  async #keyOf(id: string): Promise<string | undefined> {
    return (await findKey(id, this.#deps.settings(), this.#deps.keys, this.#deps.environment))?.key;
  }

  #startStandIn(): Promise<{ readonly config: ProviderConfig; readonly key: string }> {
    if (this.#deps.startSimulator === undefined) throw new Error("No simulator was given.");
    this.#standIn ??= this.#deps.startSimulator().catch((error: unknown) => {
      this.#standIn = undefined;
      throw error;
    });
    return this.#standIn;
  }

  #list(id: string, nowMs: number): Promise<readonly string[]> {
    const known = this.#listed.get(id);
    if (known !== undefined && nowMs - known.atMs < LIST_MS) return known.models;
    // What was there a while ago will do until the answer comes: a prompt does not wait for a server that hangs.
    const stale = known?.models;
    const models = this.providerFor(id).then(
      (provider) => provider?.listModels(AbortSignal.timeout(LIST_TIMEOUT_MS)) ?? [],
    );
    // A local server that is not running is no error: it has no models now.
    const listed = models.catch(() => []);
    this.#listed.set(id, { atMs: nowMs, models: listed });
    return stale ?? listed;
  }
}

function connectionOf(
  config: ProviderConfig,
  key: FoundKey | undefined,
  usable: boolean,
): ConfiguredProvider {
  return {
    config,
    usable,
    name: config.name,
    local: config.local,
    fingerprint: createHash("sha256")
      .update(JSON.stringify([config, key?.key ?? null]))
      .digest("base64url")
      .slice(0, 16),
    ...(key === undefined ? {} : { keySource: key.source }),
  };
}
