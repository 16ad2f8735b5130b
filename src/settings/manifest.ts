/** The manifest's part of the settings. For building only: nothing that ships imports this. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { isRecord } from "../base/isRecord.ts";
import { SETTING_NAMES } from "./read.ts";
import { SETTINGS } from "./schema.ts";
import type { Setting } from "./setting.ts";

type Json = Readonly<Record<string, unknown>>;

/** `contributes.configuration`: each setting as the settings editor and settings.json need it. */
export function configuration(): Json {
  const properties = SETTING_NAMES.map((name, index) => [name, propertyOf(SETTINGS[name], index + 1)]);
  return { title: "Switchyard", properties: Object.fromEntries(properties) };
}

/** `capabilities`: what is ignored in a workspace that is not trusted. */
export function capabilities(): Json {
  return {
    untrustedWorkspaces: {
      supported: "limited",
      description:
        "Where prompts go is decided by your own settings: routes and complexity rules of this workspace are ignored until you trust it. Its private paths are obeyed.",
      restrictedConfigurations: SETTING_NAMES.filter((name) => isRestricted(SETTINGS[name])),
    },
    virtualWorkspaces: true,
  };
}

/** A manifest with its part of the settings as it should be, all else and the order of keys as they are. */
export function withSettings(manifest: Json): Json {
  const contributes = isRecord(manifest["contributes"]) ? manifest["contributes"] : {};
  return {
    ...manifest,
    capabilities: capabilities(),
    contributes: { ...contributes, configuration: configuration() },
  };
}

/** A manifest as it is written. */
export function manifestText(manifest: Json): string {
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

function propertyOf(setting: Setting, order: number): Json {
  const { scope, markdownDescription, default: initial, examples, snippets } = setting;
  return {
    ...withSnippets(shapeOf(setting), snippets ?? []),
    default: initial,
    scope,
    order,
    markdownDescription,
    ...(examples === undefined ? {} : { examples }),
  };
}

function shapeOf({ schema }: Setting): Json {
  const { $schema, ...shape } = toJsonSchema(schema, {
    typeMode: "input",
    // What these demand is told when the settings are read.
    ignoreActions: ["check"],
    overrideAction: ({ valibotAction, jsonSchema }) =>
      valibotAction.type === "regex" && "message" in valibotAction
        ? { ...jsonSchema, patternErrorMessage: `Write ${String(valibotAction.message)}.` }
        : undefined,
  });
  return nullAsType(shape);
}

/** `number or null`, in the way that the settings editor has a field for. */
function nullAsType(shape: Json): Json {
  const { anyOf, ...rest } = shape;
  const options: readonly unknown[] = Array.isArray(anyOf) ? anyOf : [];
  const [value, nothing, ...others] = options;
  return isRecord(value) && isRecord(nothing) && nothing["type"] === "null" && others.length === 0
    ? { ...rest, ...value, type: [value["type"], "null"] }
    : shape;
}

/** Snippets for a list are for its entries; an empty list is offered each as its first. */
function withSnippets(shape: Json, snippets: NonNullable<Setting["snippets"]>): Json {
  if (snippets.length === 0) return shape;
  if (!isRecord(shape["items"])) return { ...shape, defaultSnippets: snippets };
  return {
    ...shape,
    items: { ...shape["items"], defaultSnippets: snippets },
    defaultSnippets: snippets.map((snippet) => ({ ...snippet, body: [snippet.body] })),
  };
}

function isRestricted({ restricted }: Setting): boolean {
  return restricted === true;
}
