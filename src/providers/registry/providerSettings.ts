import { splitRef } from "../../contract/model.ts";
import { isLocal } from "../../models/catalogue.ts";
import type { ProviderConfig } from "../../models/providerConfig.ts";
import { WELL_KNOWN } from "../../models/providerConfig.ts";
import type { Settings } from "../../settings/schema.ts";

/**
 * The ids that settings name, as a provider or in a model's ref, and the well-known ones that need a key (they count
 * once they have one). Local servers are not looked for unless somebody named them.
 */
export function providerIds(settings: Settings): readonly string[] {
  const keyed = Object.entries(WELL_KNOWN).flatMap(([id, { local }]) => (local ? [] : [id]));
  const refs = [
    ...settings.routes.flatMap(({ models }) => models.map(({ model }) => model)),
    ...Object.keys(settings.models),
    settings.semantic.embedder,
  ];
  const named = refs.map((ref) => splitRef(ref).provider).filter((id) => Object.hasOwn(WELL_KNOWN, id));
  return [...new Set([...Object.keys(settings.providers), ...named, ...keyed])];
}

/** A provider by its id, from the settings and the table of well-known ones; undefined where neither knows it. */
export function configOf(id: string, settings: Settings): ProviderConfig | undefined {
  const wellKnown = Object.hasOwn(WELL_KNOWN, id) ? WELL_KNOWN[id] : undefined;
  const own = Object.hasOwn(settings.providers, id) ? settings.providers[id] : undefined;
  const kind = own?.kind ?? wellKnown?.kind;
  if (kind === undefined) return undefined;
  const baseUrl = own?.baseUrl ?? wellKnown?.baseUrl;
  return {
    id,
    kind,
    name: wellKnown?.name ?? id,
    local: isLocal(id, settings),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(own?.endpoint === undefined ? {} : { endpoint: own.endpoint }),
    ...(own?.apiVersion === undefined ? {} : { apiVersion: own.apiVersion }),
    ...(own?.headers === undefined ? {} : { headers: own.headers }),
  };
}

/** True where a provider cannot answer without a key. A server of one's own may need none, unless it names a variable. */
export function needsKey(config: ProviderConfig, settings: Settings): boolean {
  if (config.local) return false;
  const own = settings.providers[config.id];
  return (
    config.kind !== "openai-compatible" ||
    Object.hasOwn(WELL_KNOWN, config.id) ||
    own?.apiKeyEnv !== undefined
  );
}
