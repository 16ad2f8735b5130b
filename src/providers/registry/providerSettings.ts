import { createHash } from "node:crypto";
import { nearest } from "../../base/nearest.ts";
import { splitRef } from "../../contract/model.ts";
import { isLocal } from "../../models/catalogue.ts";
import { type ProviderConfig, WELL_KNOWN } from "../../models/providerConfig.ts";
import { missingField } from "../../settings/checks.ts";
import { EVERY_PROVIDER } from "../../settings/closed/providers.ts";
import { placeOf } from "../../settings/problems.ts";
import type { ProviderSettings, Settings } from "../../settings/schema.ts";

/** Stores keys: VS Code's SecretStorage in the editor, nothing in a terminal. */
export type KeyStore = {
  /** The stored key of a provider; undefined if there is none. */
  get(providerId: string): Promise<string | undefined>;
};

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a key was found. */
export type KeySource =
  | { readonly kind: "stored" }
  | { readonly kind: "environment"; readonly variable: string };

/** A provider's key and its source. */
export type FoundKey = { readonly key: string; readonly source: KeySource };

/** A configured provider, and whether it can be called. */
export type ConfiguredProvider = {
  readonly config: ProviderConfig;
  /** The name shown to people. */
  readonly name: string;
  /** It has a key, or needs none, and its settings are valid. */
  readonly usable: boolean;
  /** What is wrong in its settings, and how to repair it. */
  readonly problem?: string | undefined;
  readonly local: boolean;
  readonly keySource?: KeySource | undefined;
  /** A hash of configuration and key: a rejected key is not used again until this changes. */
  readonly fingerprint: string;
};

/**
 * The ids of providers that may be configured: those that the settings name, as a provider or in a model's ref, and the
 * well-known hosted ones, which are used once they have a key. Well-known local servers are included only if named.
 */
export function providerIds(settings: Settings): readonly string[] {
  const hosted = Object.entries(WELL_KNOWN).flatMap(([id, { local }]) => (local ? [] : [id]));
  const refs = [
    ...settings.routes.flatMap(({ models }) => models.map(({ model }) => model)),
    ...Object.keys(settings.models),
    settings.semantic.embedder,
  ];
  const named = refs.map((ref) => splitRef(ref).provider).filter((id) => Object.hasOwn(WELL_KNOWN, id));
  const configured = Object.keys(settings.providers).filter((id) => id !== EVERY_PROVIDER);
  return [...new Set([...configured, ...named, ...hosted])];
}

/** A provider's configuration: the settings over the defaults of a well-known id. Undefined if neither has the id. */
export function configOf(id: string, settings: Settings): ProviderConfig | undefined {
  const wellKnown = Object.hasOwn(WELL_KNOWN, id) ? WELL_KNOWN[id] : undefined;
  const own = Object.hasOwn(settings.providers, id) ? settings.providers[id] : undefined;
  if (own === undefined && wellKnown === undefined) return undefined;
  const name = wellKnown?.name ?? id;
  const problem = own === undefined ? problemWithoutEntry(id, settings) : problemOf(id, own);
  const kind = own?.kind ?? wellKnown?.kind ?? "openai-compatible";
  if (problem !== undefined) return { id, kind, name, local: false, problem };
  return {
    id,
    kind,
    name,
    local: isLocal(id, settings),
    baseUrl: own?.baseUrl ?? wellKnown?.baseUrl,
    endpoint: own?.endpoint,
    apiVersion: own?.apiVersion,
    headers: own?.headers,
  };
}

/** What is wrong in an entry of `switchyard.providers`; undefined if it can be used. */
function problemOf(id: string, entry: ProviderSettings): string | undefined {
  if (entry.unusable !== undefined) return entry.unusable;
  const missing = missingField(id, entry, Object.keys(WELL_KNOWN));
  return missing && `${placeOf("switchyard.providers", [id])}: ${missing.message} ${missing.repair}`;
}

/**
 * Why a well-known provider is not used although it has no entry: none can be read, or an entry that cannot be used was
 * probably meant for it, because of its name or a name within it.
 */
function problemWithoutEntry(id: string, { providers }: Settings): string | undefined {
  for (const [other, entry] of Object.entries(providers)) {
    const names = [other.trim(), ...(entry.namesWithin ?? [])];
    const isMeant =
      other === EVERY_PROVIDER || names.some((name) => nearest(name, Object.keys(WELL_KNOWN)) === id);
    const problem = isMeant && !Object.hasOwn(WELL_KNOWN, other) ? problemOf(other, entry) : undefined;
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/**
 * Whether a provider rejects requests without a key. A custom server needs one only if its settings name a variable.
 */
export function needsKey(config: ProviderConfig, settings: Settings): boolean {
  if (config.local) return false;
  if (config.kind !== "openai-compatible" || Object.hasOwn(WELL_KNOWN, config.id)) return true;
  return settings.providers[config.id]?.apiKeyEnv !== undefined;
}

/** The environment variables that may hold a provider's key, in order of precedence. */
export function keyVariables(providerId: string, settings: Settings): readonly string[] {
  const own = settings.providers[providerId]?.apiKeyEnv;
  if (own !== undefined) return [own];
  return Object.hasOwn(WELL_KNOWN, providerId) ? (WELL_KNOWN[providerId]?.keyEnv ?? []) : [];
}

/** Where to set a provider's key, outside of VS Code: `GEMINI_API_KEY or GOOGLE_API_KEY`. */
export function describeKeyVariables(providerId: string, settings: Settings): string {
  const variables = keyVariables(providerId, settings);
  return variables.length > 0
    ? variables.join(" or ")
    : `a variable, and its name in switchyard.providers.${providerId}.apiKeyEnv`;
}

/** A provider's key: the stored one, otherwise the first that the environment has. @throws what the store throws */
export async function findKey(
  providerId: string,
  settings: Settings,
  store: KeyStore,
  environment: Environment,
): Promise<FoundKey | undefined> {
  const stored = await store.get(providerId);
  if (stored !== undefined && stored !== "") return { key: stored, source: { kind: "stored" } };
  for (const variable of keyVariables(providerId, settings)) {
    const key = environment[variable];
    if (key !== undefined && key !== "") return { key, source: { kind: "environment", variable } };
  }
  return undefined;
}

/** A provider with what was found out about its key. */
export function configuredProvider(
  config: ProviderConfig,
  key: FoundKey | undefined,
  usable: boolean,
): ConfiguredProvider {
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([config, key?.key ?? null]))
    .digest("base64url")
    .slice(0, 16);
  const { name, local, problem } = config;
  return {
    config,
    usable: usable && problem === undefined,
    problem,
    name,
    local,
    fingerprint,
    keySource: key?.source,
  };
}
