import { isRecord } from "../base/isRecord.ts";

/** A JSON object as a provider sent it, not validated yet. */
export type Json = Readonly<Record<string, unknown>>;

/** The object that a text holds; undefined where it holds anything else, or is not JSON. */
export function parseRecord(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The string under a name; empty where there is none. */
export function stringAt(value: Json, name: string): string {
  const found = value[name];
  return typeof found === "string" ? found : "";
}

/** The object under a name. */
export function recordAt(value: Json, name: string): Json | undefined {
  const found = value[name];
  return isRecord(found) ? found : undefined;
}
