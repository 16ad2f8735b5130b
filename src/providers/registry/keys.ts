import { WELL_KNOWN } from "../../models/providerConfig.ts";
import type { Settings } from "../../settings/schema.ts";

/** Where keys are kept safe: VS Code's SecretStorage; nothing in a terminal. */
export type KeyStore = { get(providerId: string): Promise<string | undefined> };

export type KeySource =
  | { readonly kind: "stored" }
  | { readonly kind: "environment"; readonly variable: string };

export type FoundKey = { readonly key: string; readonly source: KeySource };

/** The environment variables that may hold a provider's key, the first one set wins. */
export function keyVariables(providerId: string, settings: Settings): readonly string[] {
  const own = settings.providers[providerId]?.apiKeyEnv;
  if (own !== undefined) return [own];
  return Object.hasOwn(WELL_KNOWN, providerId) ? (WELL_KNOWN[providerId]?.keyEnv ?? []) : [];
}

/** A provider's key: the stored one, else the environment's. */
export async function findKey(
  providerId: string,
  settings: Settings,
  store: KeyStore,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FoundKey | undefined> {
  const stored = await store.get(providerId);
  if (stored !== undefined && stored !== "") return { key: stored, source: { kind: "stored" } };
  for (const variable of keyVariables(providerId, settings)) {
    const key = environment[variable];
    if (key !== undefined && key !== "") return { key, source: { kind: "environment", variable } };
  }
  return undefined;
}
