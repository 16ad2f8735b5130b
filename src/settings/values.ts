/** The building blocks of settings: how a setting is declared, and the kinds of value it is made of. */
import * as v from "valibot";
import { isRecord } from "../base/isRecord.ts";
import { hasKeyLike } from "../base/keyLike.ts";
import type { Capability, UserTier } from "../contract/model.ts";

/** A setting: its shape, its default, and its documentation. */
export type Setting<S extends v.GenericSchema = v.GenericSchema> = {
  readonly schema: S;
  /** As a user would write it in settings.json. */
  readonly default: v.InferInput<S>;
  /** `application`: only the user's own settings count. `window`: a workspace may set it too. */
  readonly scope: "application" | "window";
  /** True if a workspace that is not trusted may not set it. */
  readonly restricted?: boolean | undefined;
  readonly markdownDescription: string;
  /**
   * How much of the value is ignored if a part of it is invalid. 0: all of it, so that the default applies. 1: the entry
   * of a list or record, or the field of an object, which then takes its default. 2: the entry within that field.
   * `closed`: the setting has a reader of its own in `closed/settings.ts`.
   */
  readonly recoveryDepth: 0 | 1 | 2 | "closed";
  /** Values that the settings editor offers. */
  readonly examples?: readonly v.InferInput<S>[] | undefined;
  /** A value for the documentation. */
  readonly example?: v.InferInput<S> | undefined;
  /** Snippets that the editor of settings.json offers. */
  readonly snippets?: readonly {
    readonly label: string;
    readonly description: string;
    readonly body: unknown;
  }[];
};

/** Returns the declaration unchanged; checks that default and examples have the schema's type. */
export function setting<const S extends v.GenericSchema>(declaration: Setting<S>): Setting<S> {
  return declaration;
}

/** A tab stop in a snippet, with the text to replace. */
export function tabStop(number: number, text: string): string {
  return `\${${number}:${text}}`;
}

/** A value with a description, in Markdown, for the settings editor and the documentation. */
export function described<const S extends v.GenericSchema>(schema: S, markdownDescription: string) {
  return v.pipe(schema, v.metadata({ markdownDescription }));
}

/** A field that may be missing. */
export function optional<const S extends v.GenericSchema>(schema: S, markdownDescription: string) {
  return v.exactOptional(described(schema, markdownDescription));
}

/** A field with a default. */
export function withDefault<const S extends v.GenericSchema, const D extends v.InferInput<S>>(
  schema: S,
  initial: D,
  markdownDescription: string,
) {
  return v.optional(described(schema, markdownDescription), initial);
}

/** How many unknown keys of one object are reported. */
const MAX_UNKNOWN_KEYS = 10;

/**
 * An object with a fixed set of keys. Unlike `v.strictObject` it rejects a list (which is an object too) and reports
 * every unknown key, with the known keys as the issue's `requirement`, so that a typing error can be corrected.
 */
export function object<const E extends v.ObjectEntries>(entries: E): v.StrictObjectSchema<E, undefined> {
  const schema = v.strictObject(entries);
  const run = schema["~run"];
  const known = new Set(Object.keys(entries));
  const strict: typeof run = (dataset, config) => {
    const input = dataset.value;
    if (!isRecord(input)) return run.call(schema, { value: undefined }, config);
    const unknown = Object.keys(input).filter((key) => !known.has(key));
    const knownPart = Object.fromEntries(Object.entries(input).filter(([key]) => known.has(key)));
    const result = run.call(schema, { value: knownPart }, config);
    const [first, ...others] = unknown
      .slice(0, MAX_UNKNOWN_KEYS)
      .map((key) => unknownKeyIssue(input, key, known));
    if (first === undefined) return result;
    return { typed: false, value: result.value, issues: [first, ...others, ...(result.issues ?? [])] };
  };
  return Object.assign(schema, { "~run": strict });
}

/** An object whose keys the user chooses. Unlike `v.record` it rejects a list. */
export function record<const V extends v.GenericSchema>(
  key: v.GenericSchema<string, string>,
  value: V,
): v.RecordSchema<v.GenericSchema<string, string>, V, undefined> {
  const schema = v.record(key, value);
  const run = schema["~run"];
  const strict: typeof run = (dataset, config) => {
    const result = run.call(schema, { value: isRecord(dataset.value) ? dataset.value : undefined }, config);
    // Without a prototype, a key that the user did not write (`toString`) is not found.
    return result.typed ? { ...result, value: Object.assign(Object.create(null), result.value) } : result;
  };
  return Object.assign(schema, { "~run": strict });
}

function unknownKeyIssue(
  input: Readonly<Record<string, unknown>>,
  key: string,
  known: ReadonlySet<string>,
): v.StrictObjectIssue {
  return {
    kind: "schema",
    type: "strict_object",
    input: key,
    expected: "never",
    received: `"${key}"`,
    message: "",
    requirement: [...known],
    path: [{ type: "object", origin: "key", input: { ...input }, key, value: input[key] }],
  };
}

// The message of a check below names what is valid, as a noun phrase: "Expected {message}, found {value}."

const MAX_NAME_LENGTH = 200;

export const modelRef = v.pipe(
  v.string(),
  v.maxLength(MAX_NAME_LENGTH),
  v.regex(/^[^\s/]+\/\S+$/, 'a model as provider/model, such as "openai/gpt-6-luna"'),
);

export const providerId = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a provider id of letters, digits, "-", "_" and "."'),
);

export const name = v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_NAME_LENGTH));

export const glob = v.pipe(v.string(), v.nonEmpty(), v.maxLength(1000));

/** How a key is stored, for repairs. */
export const STORE_KEY =
  'store the key with the command "Switchyard: Add Provider Key…", or name the environment variable that holds it in apiKeyEnv';

export const webAddress = v.pipe(
  v.string(),
  v.maxLength(2000),
  v.regex(
    /^https?:\/\/[^\s@?#]+$/,
    `a URL that starts with "http://" or "https://" and has no user name and nothing after a "?" or "#"; ${STORE_KEY}`,
  ),
  v.check((text) => URL.canParse(text), "a complete URL"),
  v.check((text) => !hasKeyLike(text), `a URL without a key; ${STORE_KEY}`),
);

export const capability = v.picklist([
  "vision",
  "tools",
  "reasoning",
] as const satisfies readonly Capability[]);

export const userTier = v.picklist(["free", "standard", "premium"] as const satisfies readonly UserTier[]);

/** A list with at least one entry: an empty condition would match nothing. */
export function nonEmptyList<const S extends v.GenericSchema>(item: S) {
  return v.pipe(v.array(item), v.minLength(1));
}

/** A share or a quality, from 0 to 1. */
export const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** US dollars. Amounts become integers of nano-dollars, which are safe up to nine million dollars. */
export const usd = v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000));

/** A whole number of tokens, items, days or characters. */
export function count(minimum = 0, maximum = 1_000_000_000) {
  return v.pipe(v.number(), v.integer(), v.minValue(minimum), v.maxValue(maximum));
}

/** A time limit in milliseconds. At most a day: JavaScript's timers cannot wait for more than 24 days. */
export const milliseconds = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(86_400_000));
