import * as v from "valibot";
import { isRecord } from "../base/isRecord.ts";

/** How many unknown keys of one object are named. */
const MAX_UNKNOWN_KEYS = 10;

/**
 * An object of known keys only. Unlike valibot's own it refuses a list (which is an object too), names every unknown
 * key, and tells in the issue's `requirement` which keys there are, so that a typo can be matched to the right one.
 */
export function section<const E extends v.ObjectEntries>(entries: E): v.StrictObjectSchema<E, undefined> {
  const schema = v.strictObject(entries);
  const run = schema["~run"];
  const known = new Set(Object.keys(entries));
  const strict: typeof run = (dataset, config) => {
    const input = dataset.value;
    if (!isRecord(input)) return run.call(schema, { value: undefined }, config);
    const unknown = Object.keys(input).filter((key) => !known.has(key));
    const knownPart = Object.fromEntries(Object.entries(input).filter(([key]) => known.has(key)));
    const result = run.call(schema, { value: knownPart }, config);
    const [first, ...others] = unknown.slice(0, MAX_UNKNOWN_KEYS).map((key) => unknownKey(input, key, known));
    if (first === undefined) return result;
    return { typed: false, value: result.value, issues: [first, ...others, ...(result.issues ?? [])] };
  };
  return Object.assign(schema, { "~run": strict });
}

/** An object with names of the user's own. Unlike valibot's own it refuses a list. */
export function dictionary<const V extends v.GenericSchema>(
  key: v.GenericSchema<string, string>,
  value: V,
): v.RecordSchema<v.GenericSchema<string, string>, V, undefined> {
  const schema = v.record(key, value);
  const run = schema["~run"];
  const strict: typeof run = (dataset, config) => {
    const result = run.call(schema, { value: isRecord(dataset.value) ? dataset.value : undefined }, config);
    // Without a prototype, a name that nobody gave (`toString`) is not found.
    return result.typed ? { ...result, value: Object.assign(Object.create(null), result.value) } : result;
  };
  return Object.assign(schema, { "~run": strict });
}

function unknownKey(
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
