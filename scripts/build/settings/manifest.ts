/** The parts of package.json that follow from the declarations of the settings. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { isRecord } from "../../../src/base/isRecord.ts";
import { SETTINGS } from "../../../src/settings/schema.ts";
import type { Setting } from "../../../src/settings/values.ts";

/** An object of JSON. */
export type Json = Readonly<Record<string, unknown>>;

/** `contributes.configuration`: the settings, for the settings editor and for settings.json. */
export function configuration(): Json {
  const properties = [...SETTINGS].map(([name, setting], index) => [name, propertyOf(setting, index + 1)]);
  return { title: "Switchyard", properties: Object.fromEntries(properties) };
}

/** `capabilities`: which settings of a workspace are ignored until the user trusts it. */
export function capabilities(): Json {
  return {
    untrustedWorkspaces: {
      supported: "limited",
      description:
        "Until you trust this workspace, its routes, complexity settings and prompt files are ignored, and your own apply. Its private paths apply. No command checks an edit.",
      restrictedConfigurations: [...SETTINGS].flatMap(([name, { restricted }]) =>
        restricted === true ? [name] : [],
      ),
    },
    virtualWorkspaces: true,
  };
}

/** A manifest with the generated parts replaced, and everything else unchanged. */
export function withSettings(manifest: Json): Json {
  const contributes = isRecord(manifest["contributes"]) ? manifest["contributes"] : {};
  return {
    ...manifest,
    capabilities: capabilities(),
    contributes: { ...contributes, configuration: configuration() },
  };
}

/** The text of package.json. */
export function manifestText(manifest: Json): string {
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** The JSON schema of what a user writes for a setting. */
export function jsonSchemaOf({ schema }: Setting): Json {
  const { $schema, ...shape } = toJsonSchema(schema, {
    typeMode: "input",
    // JSON schema cannot express these checks. They run when the settings are read.
    ignoreActions: ["check"],
    overrideAction: ({ valibotAction, jsonSchema }) =>
      valibotAction.type === "regex" && "message" in valibotAction
        ? { ...jsonSchema, patternErrorMessage: `Use ${String(valibotAction.message)}.` }
        : undefined,
  });
  return withNullAsType(shape);
}

function propertyOf(setting: Setting, order: number): Json {
  const { scope, markdownDescription, default: initial, examples, snippets } = setting;
  return {
    ...withSnippets(jsonSchemaOf(setting), snippets ?? []),
    default: initial,
    scope,
    order,
    markdownDescription,
    ...(examples === undefined ? {} : { examples }),
  };
}

/** Writes "number or null" as a list of types, for which the settings editor has an input field. */
function withNullAsType(shape: Json): Json {
  const { anyOf, ...rest } = shape;
  const options: readonly unknown[] = Array.isArray(anyOf) ? anyOf : [];
  const [value, nothing, ...others] = options;
  return isRecord(value) && isRecord(nothing) && nothing["type"] === "null" && others.length === 0
    ? { ...rest, ...value, type: [value["type"], "null"] }
    : shape;
}

/** The snippets of a list are entries; where the list itself is missing, they are offered within brackets. */
function withSnippets(shape: Json, snippets: NonNullable<Setting["snippets"]>): Json {
  if (snippets.length === 0) return shape;
  if (!isRecord(shape["items"])) return { ...shape, defaultSnippets: snippets };
  return {
    ...shape,
    items: { ...shape["items"], defaultSnippets: snippets },
    defaultSnippets: snippets.map((snippet) => ({ ...snippet, body: [snippet.body] })),
  };
}
