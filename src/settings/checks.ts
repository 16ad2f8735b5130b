/** Checks of settings that are valid by themselves: against each other, and against the known providers and models. */
import { nearest } from "../base/nearest.ts";
import { type ModelRef, splitRef } from "../contract/model.ts";
import { PLACEHOLDERS } from "./declared/prompts.ts";
import { type Path, placeOf, type SettingProblem } from "./problems.ts";
import type { ProviderSettings, Route, Settings } from "./schema.ts";

/** The providers and models that exist, which layers above the settings know. */
export type Known = {
  readonly wellKnownIds: readonly string[];
  /** The names of the built-in price lists. */
  readonly catalogIds: readonly string[];
  /** `maybe`: the provider does not list its models. */
  readonly knows: (ref: ModelRef) => "yes" | "no" | "maybe";
  readonly modelsOf: (provider: string) => readonly ModelRef[];
};

/** Reports providers that are incomplete, unknown providers and unknown models. */
export function checkSettings(
  { settings }: { readonly settings: Settings },
  known: Known,
): readonly SettingProblem[] {
  return [...checkProviders(settings, known), ...checkModels(settings, known)];
}

/** The name that lets routing choose, and those under which answers of no route of the settings are counted. */
const RESERVED_NAMES = /^(?:auto|explicit|derived:(?:high|medium|low))$/;

/**
 * Warns of route names that are reserved or used twice, of routes that are never reached, and of conditions that never
 * apply.
 */
export function routeWarnings(routes: readonly Route[]): readonly SettingProblem[] {
  const problems: SettingProblem[] = [];
  const warn = (path: Path, message: string, repair: string): void => {
    problems.push({ ...at("switchyard.routes", path), message, repair, severity: "warning" });
  };
  const placeOfRoute = (index: number) => placeOf("switchyard.routes", [index]);
  const firstByName = new Map<string, number>();
  const catchAll = routes.findIndex((route) => !hasConditions(route) && route.unreadable === undefined);
  for (const [index, route] of routes.entries()) {
    const name = JSON.stringify(route.name);
    if (RESERVED_NAMES.test(route.name)) {
      warn(
        [index, "name"],
        `The name ${name} is reserved. Programs cannot ask for this route by its name.`,
        "Use a different name.",
      );
    }
    const first = firstByName.get(route.name);
    if (first === undefined) firstByName.set(route.name, index);
    else {
      warn(
        [index, "name"],
        `${placeOfRoute(first)} is also named ${name}. Their costs and results are counted together.`,
        "Use a different name.",
      );
    }
    if (catchAll < 0 || index <= catchAll) continue;
    const all = placeOfRoute(catchAll);
    // A route without conditions is there for requests that name it, and is reached by them.
    const message =
      first !== undefined
        ? `This route is never reached, because ${all} matches everything.`
        : hasConditions(route)
          ? `The conditions of this route never apply, because ${all} matches everything. Only requests to serve that name the route reach it.`
          : undefined;
    if (message !== undefined) warn([index], message, "Move it before that route.");
  }
  return problems;
}

function hasConditions({ when, examples }: Route): boolean {
  return examples !== undefined || (when !== undefined && Object.keys(when).length > 0);
}

/** Warns of a word in braces that is probably a misspelt placeholder. Other braces are part of the text. */
export function promptWarnings(prompts: Settings["prompts"]): readonly SettingProblem[] {
  return Object.entries(prompts).flatMap(([name, { text }]) =>
    [...text.matchAll(/\{(\w{1,30})\}/g)].flatMap(([found, word = ""]): readonly SettingProblem[] => {
      const meant = nearest(word, PLACEHOLDERS);
      if (meant === undefined || meant === word) return [];
      return [
        {
          ...at("switchyard.prompts", [name]),
          message: `${found} is not a placeholder. It is sent as it is.`,
          repair: `Did you mean {${meant}}?`,
          severity: "warning",
        },
      ];
    }),
  );
}

function checkProviders(settings: Settings, known: Known): readonly SettingProblem[] {
  // What is unusable was reported when it was read.
  const usable = Object.entries(settings.providers).filter(([, { unusable }]) => unusable === undefined);
  return usable.flatMap(([id, provider]) =>
    providerFaults(id, provider, known).map(({ key, message, repair }) => ({
      ...at("switchyard.providers", key === undefined ? [id] : [id, key]),
      message,
      repair,
      severity: "error" as const,
    })),
  );
}

type Fault = { readonly key?: string; readonly message: string; readonly repair: string };

function providerFaults(
  id: string,
  provider: ProviderSettings,
  { wellKnownIds, catalogIds }: Known,
): readonly Fault[] {
  const faults: Fault[] = [];
  const missing = missingField(id, provider, wellKnownIds);
  if (missing !== undefined) faults.push(missing);
  const { catalog } = provider;
  if (catalog !== undefined && !catalogIds.includes(catalog)) {
    const meant = nearest(catalog, catalogIds);
    faults.push({
      key: "catalog",
      message: `There is no price list "${catalog}", so the prices of this provider are unknown.`,
      repair: meant === undefined ? `Use one of ${catalogIds.join(", ")}.` : `Did you mean "${meant}"?`,
    });
  }
  return faults;
}

/** The field without which a provider cannot be used; undefined if none is missing. */
export function missingField(
  id: string,
  { kind, endpoint, baseUrl }: ProviderSettings,
  wellKnownIds: readonly string[],
): { readonly message: string; readonly repair: string } | undefined {
  const isWellKnown = wellKnownIds.includes(id);
  if (kind === undefined && !isWellKnown) {
    const meant = nearest(id, wellKnownIds);
    const or = meant === undefined ? "" : ` Or did you mean "${meant}", which needs no kind?`;
    return {
      message: "The provider has no kind, so it cannot be used.",
      repair: `Add a kind: "openai-compatible" fits most servers.${or}`,
    };
  }
  if (kind === "azure-openai" && endpoint === undefined && baseUrl === undefined) {
    return {
      message: "Azure OpenAI needs the endpoint of your resource.",
      repair: 'Add an endpoint, such as "https://me.openai.azure.com".',
    };
  }
  if (kind === "openai-compatible" && baseUrl === undefined && !isWellKnown) {
    return {
      message: "The provider has no base URL, so it cannot be used.",
      repair: 'Add a baseUrl, such as "http://127.0.0.1:8000/v1".',
    };
  }
  return undefined;
}

function checkModels(settings: Settings, known: Known): readonly SettingProblem[] {
  const check = (setting: string, path: Path, ref: ModelRef) =>
    modelProblems(setting, path, ref, settings, known);
  // An experiment's models are models of its route too.
  const inRoutes = settings.routes.flatMap(({ models }, index) =>
    models.flatMap(({ model }, step) => check("switchyard.routes", [index, "models", step], model)),
  );
  const { embedder } = settings.semantic;
  return [
    ...inRoutes,
    ...Object.keys(settings.models).flatMap((ref) => check("switchyard.models", [ref], ref)),
    ...(embedder === "built-in" ? [] : check("switchyard.semantic.embedder", [], embedder)),
  ];
}

function modelProblems(
  setting: string,
  path: Path,
  ref: ModelRef,
  settings: Settings,
  known: Known,
): readonly SettingProblem[] {
  const { provider, model } = splitRef(ref);
  const providers = [...Object.keys(settings.providers), ...known.wellKnownIds];
  if (!providers.includes(provider)) {
    const meant = nearest(provider, providers);
    return [
      {
        ...at(setting, path),
        message: `There is no provider "${provider}", so this model is skipped.`,
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
      ...at(setting, path),
      message: `"${provider}" has no known model "${model}", so its price and limits are unknown.`,
      repair:
        meant === undefined
          ? "If the name is right, add its prices to switchyard.models."
          : `Did you mean "${meant}"? If not, add its prices to switchyard.models.`,
      severity: "warning",
    },
  ];
}

function at(setting: string, path: Path): Pick<SettingProblem, "place" | "setting"> {
  return { place: placeOf(setting, path), setting };
}
