import { Failure } from "../../contract/failure.ts";
import type { ModelRef } from "../../contract/model.ts";
import type { Provider } from "../../contract/provider/provider.ts";
import { type ProviderConfig, WELL_KNOWN } from "../../models/providerConfig.ts";
import type { ConfiguredProvider } from "./providerSettings.ts";

/** How long lists are used before they are requested again. */
const LIST_TTL_MS = 30_000;
/** How long a server may take to list its models. */
const LIST_TIMEOUT_MS = 2000;

/** The parts of the registry that the lists need. */
type LocalModelsDeps = {
  readonly all: () => Promise<ReadonlyMap<string, ConfiguredProvider>>;
  readonly providerFor: (id: string) => Promise<Provider | undefined>;
  /** Receives the failure of a server whose list cannot be read, once for each configuration. */
  readonly onError: (error: unknown) => void;
};

/**
 * The models that the usable local providers list. A server that fails keeps its last list for as long as its
 * configuration stays the same, because a busy machine may take longer than two seconds to list models.
 */
export class LocalModels {
  readonly #deps: LocalModelsDeps;
  /** The last list of each server, by the fingerprint of its configuration. */
  readonly #lists = new Map<string, readonly ModelRef[]>();
  /** The configurations, by fingerprint, whose list could not be read. */
  readonly #reported = new Set<string>();
  #models: Promise<readonly ModelRef[]> | undefined;
  #expiresAtMs = 0;

  constructor(deps: LocalModelsDeps) {
    this.#deps = deps;
  }

  /**
   * Returns the same promise for 30 s, and after that the known models until new lists have arrived, so that no prompt
   * waits for a slow server. Only the first call, and the first one after `refresh`, waits.
   */
  get(nowMs: number): Promise<readonly ModelRef[]> {
    const known = this.#models;
    if (known !== undefined && nowMs < this.#expiresAtMs) return known;
    this.#expiresAtMs = nowMs + LIST_TTL_MS;
    const loading = this.#load();
    if (known === undefined) {
      this.#models = loading;
      loading.catch(() => this.#replace(loading, undefined));
      return loading;
    }
    loading.then(
      () => this.#replace(known, loading),
      () => {},
    );
    return known;
  }

  /** Returns the lists as they are known, however old. Requests them only if that was never done. */
  known(nowMs: number): Promise<readonly ModelRef[]> {
    return this.#models ?? this.get(nowMs);
  }

  /** The next call requests the lists again and waits for them. */
  refresh(): void {
    this.#models = undefined;
  }

  /** Does nothing if `refresh` was called in the meantime. */
  #replace(current: Promise<readonly ModelRef[]>, next: Promise<readonly ModelRef[]> | undefined): void {
    if (this.#models === current) this.#models = next;
  }

  async #load(): Promise<readonly ModelRef[]> {
    const servers = [...(await this.#deps.all()).values()].filter(({ usable, local }) => usable && local);
    const fingerprints = new Set(servers.map(({ fingerprint }) => fingerprint));
    for (const known of this.#lists.keys()) if (!fingerprints.has(known)) this.#lists.delete(known);
    await Promise.all(servers.map((server) => this.#list(server)));
    return servers.flatMap(({ fingerprint }) => this.#lists.get(fingerprint) ?? []);
  }

  async #list({ config: { id }, fingerprint }: ConfiguredProvider): Promise<void> {
    try {
      const provider = await this.#deps.providerFor(id);
      const names = await provider?.listModels(AbortSignal.timeout(LIST_TIMEOUT_MS));
      const models = names?.map((name) => `${id}/${name}`);
      if (models !== undefined) this.#lists.set(fingerprint, models);
    } catch (error) {
      // A local server that is not running is no error.
      const isUnreadable = error instanceof Failure && error.record.kind === "malformed";
      if (!isUnreadable || this.#reported.has(fingerprint)) return;
      this.#reported.add(fingerprint);
      this.#deps.onError(error);
    }
  }
}

/** A local server that answers. */
export type LocalServer = { readonly id: string; readonly name: string; readonly models: number };

/** The well-known local servers that list their models at their usual addresses within two seconds. */
export async function findLocalServers(
  create: (config: ProviderConfig, key: undefined) => Provider | Promise<Provider>,
): Promise<readonly LocalServer[]> {
  const local = Object.entries(WELL_KNOWN).filter(([, wellKnown]) => wellKnown.local);
  const results = await Promise.allSettled(
    local.map(async ([id, { name, kind, baseUrl }]) => {
      const provider = await create({ id, name, kind, baseUrl, local: true }, undefined);
      const models = await provider.listModels(AbortSignal.timeout(LIST_TIMEOUT_MS));
      return { id, name, models: models.length };
    }),
  );
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}
