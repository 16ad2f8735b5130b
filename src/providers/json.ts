import { isRecord } from "../base/isRecord.ts";
import { parseBoundedJson } from "../base/json.ts";

/** A JSON object from a provider, not validated. */
export type Json = Readonly<Record<string, unknown>>;

/** Parses JSON. Undefined if the text is none, or nested too deep. */
export function parseJson(text: string): unknown {
  try {
    return parseBoundedJson(text);
  } catch {
    return undefined;
  }
}

/** Parses a JSON object. Undefined if the text is anything else. */
export function parseRecord(text: string): Json | undefined {
  const value = parseJson(text);
  return isRecord(value) ? value : undefined;
}

/** The string with this name; empty if there is none. */
export function stringAt(value: Json, name: string): string {
  const found = value[name];
  return typeof found === "string" ? found : "";
}

/** The object with this name; undefined if there is none. */
export function recordAt(value: Json, name: string): Json | undefined {
  const found = value[name];
  return isRecord(found) ? found : undefined;
}
