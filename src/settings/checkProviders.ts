import { nearest } from "../base/nearest.ts";
import type { Known } from "./checkRoutes.ts";
import { placeOf, type SettingProblem } from "./problem.ts";
import type { ProviderSettings, Settings } from "./schema.ts";

const SETTING = "switchyard.providers";

type Fault = { readonly key?: string; readonly message: string; readonly repair: string };

/** Providers that lack what their kind needs, which only somebody who knows the well-known ones can tell. */
export function checkProviders(
  settings: Settings,
  known: Pick<Known, "wellKnownIds" | "catalogIds">,
): readonly SettingProblem[] {
  return Object.entries(settings.providers).flatMap(([id, provider]) =>
    faultsOf(id, provider, known).map(({ key, message, repair }) => ({
      place: placeOf(SETTING, key === undefined ? [id] : [id, key]),
      setting: SETTING,
      message,
      repair,
      severity: "error" as const,
    })),
  );
}

function faultsOf(
  id: string,
  provider: ProviderSettings,
  { wellKnownIds, catalogIds }: Pick<Known, "wellKnownIds" | "catalogIds">,
): readonly Fault[] {
  const isWellKnown = wellKnownIds.includes(id);
  const { kind, endpoint, baseUrl, catalog } = provider;
  const faults: Fault[] = [];
  if (kind === undefined && !isWellKnown) {
    const meant = nearest(id, wellKnownIds);
    const or = meant === undefined ? "" : ` Or did you mean "${meant}", which needs none?`;
    faults.push({
      message: "It is not known what this provider speaks: it cannot be asked.",
      repair: `Add a kind: "openai-compatible" fits most servers.${or}`,
    });
  }
  if (kind === "azure-openai" && endpoint === undefined && baseUrl === undefined) {
    faults.push({
      message: "Azure OpenAI needs the address of your resource.",
      repair: 'Add an endpoint, such as "https://me.openai.azure.com".',
    });
  }
  if (kind === "openai-compatible" && baseUrl === undefined && !isWellKnown) {
    faults.push({
      message: "The server's address is missing.",
      repair: 'Add a baseUrl, such as "http://127.0.0.1:8000/v1".',
    });
  }
  if (catalog !== undefined && !catalogIds.includes(catalog)) {
    const meant = nearest(catalog, catalogIds);
    faults.push({
      key: "catalog",
      message: `There is no price list of "${catalog}": prices of this provider are unknown.`,
      repair: meant === undefined ? `There are ${catalogIds.join(", ")}.` : `Did you mean "${meant}"?`,
    });
  }
  return faults;
}
