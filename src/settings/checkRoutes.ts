import { nearest } from "../base/nearest.ts";
import { type ModelRef, splitRef } from "../contract/model.ts";
import { type Path, placeOf, type SettingProblem } from "./problem.ts";
import type { SettingsRead } from "./read.ts";

/** What lies above the settings and must be asked of it: which providers and models there are. */
export type Known = {
  readonly wellKnownIds: readonly string[];
  /** The price lists that a provider may follow. */
  readonly catalogIds: readonly string[];
  /** `maybe`: a provider whose models nobody lists. */
  readonly knows: (ref: ModelRef) => "yes" | "no" | "maybe";
  readonly modelsOf: (provider: string) => readonly ModelRef[];
};

/** Models in the settings whose provider is not known (an error: nobody can ask them), or that nobody has heard of. */
export function checkRoutes(
  { settings, routePositions }: SettingsRead,
  known: Known,
): readonly SettingProblem[] {
  const check = (setting: string, path: Path, ref: ModelRef) =>
    problemsOf(setting, path, ref, settings, known);
  // An experiment's models are among its route's.
  const inRoutes = settings.routes.flatMap(({ models }, index) =>
    models.flatMap(({ model }, step) =>
      check("switchyard.routes", [routePositions[index] ?? index, "models", step], model),
    ),
  );
  const { embedder } = settings.semantic;
  return [
    ...inRoutes,
    ...Object.keys(settings.models).flatMap((ref) => check("switchyard.models", [ref], ref)),
    ...(embedder === "built-in" ? [] : check("switchyard.semantic.embedder", [], embedder)),
  ];
}

function problemsOf(
  setting: string,
  path: Path,
  ref: ModelRef,
  settings: SettingsRead["settings"],
  known: Known,
): readonly SettingProblem[] {
  const { provider, model } = splitRef(ref);
  const at = { place: placeOf(setting, path), setting };
  const providers = [...Object.keys(settings.providers), ...known.wellKnownIds];
  if (!providers.includes(provider)) {
    const meant = nearest(provider, providers);
    return [
      {
        ...at,
        message: `No provider is called "${provider}": this model is passed over.`,
        repair:
          meant === undefined
            ? `Add "${provider}" to switchyard.providers.`
            : `Did you mean "${meant}/${model}"?`,
        severity: "error",
      },
    ];
  }
  if (known.knows(ref) !== "no") return [];
  const meant = nearest(ref, known.modelsOf(provider));
  return [
    {
      ...at,
      message: `"${ref}" is not among the models known of "${provider}": its price and limits are unknown.`,
      repair:
        meant === undefined
          ? `If it is right, add what it costs to switchyard.models.`
          : `Did you mean "${meant}"? If not, add what it costs to switchyard.models.`,
      severity: "warning",
    },
  ];
}
