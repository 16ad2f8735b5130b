import { nearest } from "../base/nearest.ts";
import { type ModelRef, splitRef } from "../contract/model.ts";
import type { Engine } from "../engine/engine.ts";
import { type Catalogue, knows } from "../models/catalogue.ts";
import type { Connections } from "../providers/connections.ts";
import type { Settings } from "../settings/schema.ts";
import { Refusal } from "./refusal.ts";

/** The name under which routing decides. */
export const AUTO = "auto";

/** Who is asked for by a request's `model`. */
export type AskedFor =
  | { readonly kind: "auto" }
  | { readonly kind: "route"; readonly explicitRoute: string }
  | { readonly kind: "model"; readonly explicitModel: ModelRef };

/** What names are looked up in. */
export type Names = {
  readonly settings: () => Settings;
  readonly catalogue: () => Promise<Catalogue>;
  readonly connections: Pick<Connections, "all">;
  readonly engine: Pick<Engine, "models">;
};

/** More names than this are not listed in an error. */
const MAX_LISTED = 20;

/** `auto`, else the route of that name, else the model. @throws Refusal (404) that names what there is */
export async function askedFor(name: string, names: Names): Promise<AskedFor> {
  if (name === AUTO) return { kind: "auto" };
  const settings = names.settings();
  if (settings.routes.some((route) => route.name === name)) return { kind: "route", explicitRoute: name };
  if (await isModel(name, settings, names)) return { kind: "model", explicitModel: name };
  throw unknownModel(name, await allNames(names));
}

/** All that `model` may be: `auto`, the routes, and the models that can be asked now. */
export async function allNames({
  settings,
  engine,
}: Pick<Names, "settings" | "engine">): Promise<readonly string[]> {
  const routes = settings().routes.map(({ name }) => name);
  return [...new Set([AUTO, ...routes, ...(await engine.models())])];
}

async function isModel(
  ref: ModelRef,
  settings: Settings,
  { catalogue, connections }: Names,
): Promise<boolean> {
  const { provider, model } = splitRef(ref);
  if (provider === "" || model === "") return false;
  if (!(await connections.all()).has(provider)) return false;
  return knows(ref, await catalogue(), settings) !== "no";
}

function unknownModel(name: string, known: readonly string[]): Refusal {
  const meant = nearest(name, known);
  const hint = meant === undefined ? "" : ` Did you mean "${meant}"?`;
  const listed = known.slice(0, MAX_LISTED).map((each) => `"${each}"`);
  const more = known.length > MAX_LISTED ? ` and ${known.length - MAX_LISTED} more (GET /v1/models)` : "";
  return new Refusal({
    status: 404,
    type: "invalid_request_error",
    code: "model_not_found",
    param: "model",
    message: `There is no model or route "${name.slice(0, 200)}".${hint} There are ${listed.join(", ")}${more}.`,
  });
}
