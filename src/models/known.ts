import type { Known } from "../settings/checkRoutes.ts";
import type { Settings } from "../settings/schema.ts";
import { type Catalogue, knows, modelsOf } from "./catalogue.ts";
import { WELL_KNOWN } from "./wellKnown.ts";

/**
 * What the catalogue knows, for the checks of settings that need it.
 * @param otherIds of providers that are there without being set or well known, as the simulator is
 */
export function knownTo(catalogue: Catalogue, settings: Settings, otherIds: readonly string[] = []): Known {
  return {
    wellKnownIds: [...Object.keys(WELL_KNOWN), ...otherIds],
    catalogIds: [...catalogue.lists.keys()],
    knows: (ref) => knows(ref, catalogue, settings),
    modelsOf: (provider) => modelsOf(provider, catalogue, settings),
  };
}
