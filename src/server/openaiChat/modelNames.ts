import { nearest } from "../../base/nearest.ts";
import { type ModelRef, splitRef } from "../../contract/model.ts";
import type { Engine } from "../../engine/engine.ts";
import { type Catalogue, knows } from "../../models/catalogue.ts";
import type { ProviderRegistry } from "../../providers/registry/providerRegistry.ts";
import type { Settings } from "../../settings/schema.ts";
import { HttpError } from "../httpError.ts";

/** The name under which routing chooses the model. */
const AUTO = "auto";

/** The names that the `model` of a request can have. */
export type ModelDirectory = {
  readonly settings: () => Settings;
  readonly catalogue: () => Promise<Catalogue>;
  readonly providers: Pick<ProviderRegistry, "all">;
  readonly engine: Pick<Engine, "models">;
};

/** The route or model that the `model` of a request chooses. Neither: routing chooses. */
export type ModelChoice = {
  readonly explicitRoute?: string | undefined;
  readonly explicitModel?: ModelRef | undefined;
};

/** An error lists no more names than this. */
const MAX_LISTED = 20;

/** Longer than any model's name. */
const MAX_NAME_CHARACTERS = 256;

/** Characters that no name contains: control and format characters, lone surrogates, line separators. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Resolves `auto`, the name of a route, or a model ref, in this order. @throws HttpError (404) that lists the names */
export async function resolveModel(name: string, names: ModelDirectory): Promise<ModelChoice> {
  if (name === AUTO) return {};
  const settings = names.settings();
  if (settings.routes.some((route) => route.name === name)) return { explicitRoute: name };
  if (await isModel(name, settings, names)) return { explicitModel: name };
  throw unknownModel(name, await allNames(names));
}

/** The response of `GET /v1/models`: `auto`, the routes, and the models that can be called now. */
export async function modelList(
  names: Pick<ModelDirectory, "settings" | "engine">,
  createdSeconds: number,
): Promise<object> {
  const data = (await allNames(names)).map((id) => entryOf(id, names, createdSeconds));
  return { object: "list", data };
}

/** The response of `GET /v1/models/{id}`. @throws HttpError (404) that lists the names */
export async function modelEntry(id: string, names: ModelDirectory, createdSeconds: number): Promise<object> {
  await resolveModel(id, names);
  return entryOf(id, names, createdSeconds);
}

function entryOf(id: string, { settings }: Pick<ModelDirectory, "settings">, createdSeconds: number): object {
  const isOwn = id === AUTO || settings().routes.some(({ name }) => name === id);
  return {
    id,
    object: "model",
    created: createdSeconds,
    owned_by: isOwn ? "switchyard" : splitRef(id).provider,
  };
}

/** `auto`, the routes, and the models that can be called now. */
async function allNames({
  settings,
  engine,
}: Pick<ModelDirectory, "settings" | "engine">): Promise<readonly string[]> {
  const routes = settings().routes.map(({ name }) => name);
  return [...new Set([AUTO, ...routes, ...(await engine.models())])];
}

async function isModel(
  ref: ModelRef,
  settings: Settings,
  { catalogue, providers }: ModelDirectory,
): Promise<boolean> {
  const { provider, model } = splitRef(ref);
  if (provider === "" || model === "" || printable(ref) !== ref) return false;
  if (!(await providers.all()).has(provider)) return false;
  return knows(ref, await catalogue(), settings) !== "no";
}

/** A client's name as errors and the ledger may hold it: short, and without unprintable characters. */
function printable(name: string): string {
  return name.slice(0, MAX_NAME_CHARACTERS).replace(UNPRINTABLE, "\ufffd");
}

function unknownModel(name: string, known: readonly string[]): HttpError {
  const shown = printable(name);
  const meant = nearest(shown, known);
  const hint = meant === undefined ? "" : ` Did you mean "${meant}"?`;
  const listed = known.slice(0, MAX_LISTED).map((id) => `"${id}"`);
  const more = known.length > MAX_LISTED ? ` and ${known.length - MAX_LISTED} more (GET /v1/models)` : "";
  return new HttpError({
    status: 404,
    type: "invalid_request_error",
    code: "model_not_found",
    param: "model",
    message: `There is no model or route "${shown}".${hint} There are ${listed.join(", ")}${more}.`,
  });
}
