import { isRecord } from "../base/isRecord.ts";

/** A JSON object from a provider, not validated. */
export type Json = Readonly<Record<string, unknown>>;

/** Parses a JSON object. Undefined if the text is anything else. */
export function parseRecord(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
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
