/**
 * Reading settings that are invalid so that a mistake never makes them more permissive. The other files of this folder
 * do so for the settings that decide where prompts and keys go and what may be spent.
 */
import * as v from "valibot";
import { isRecord } from "../../base/isRecord.ts";
import { nearest } from "../../base/nearest.ts";
import { describeIssue, flattenIssues, type Path, placeOf, valueAt } from "../problems.ts";

/** What is wrong at a place of a setting. */
export type Finding = {
  readonly path: Path;
  /** What is wrong, and what applies instead. */
  readonly message: string;
  /** How to repair it, as a sentence. */
  readonly repair: string;
  /** True if nothing was lost that restricts anything. */
  readonly isHarmless?: boolean | undefined;
};

/** A value that was read as far as possible. */
export type ClosedRead<T> = { readonly value: T; readonly findings: readonly Finding[] };

/**
 * The issues that a schema has with a value, one for each place.
 * @param base the path of the value
 * @param consequence what applies instead, as a sentence
 * @param redact true if texts in the value may be secrets, which no finding repeats
 */
export function findingsOf(
  schema: v.GenericSchema,
  value: unknown,
  base: Path,
  consequence: (path: Path) => string,
  redact = false,
): readonly Finding[] {
  const result = v.safeParse(schema, value);
  if (result.success) return [];
  const found = new Map<string, Finding>();
  for (const { path, issue } of flattenIssues(result.issues)) {
    const place = JSON.stringify(path);
    if (found.has(place)) continue;
    const { message, repair } = describeIssue(issue, valueAt(value, path), redact);
    found.set(place, { path: [...base, ...path], message: `${message} ${consequence(path)}`, repair });
  }
  return [...found.values()];
}

/** The first finding as one text, for decisions that it blocks. */
export function firstText(setting: string, findings: readonly Finding[]): string {
  const [first] = findings;
  return first === undefined ? setting : `${placeOf(setting, first.path)}: ${first.message} ${first.repair}`;
}

/** The output of a schema, undefined if the value is invalid. */
export function readWith<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> | undefined {
  const result = v.safeParse(schema, value);
  return result.success ? result.output : undefined;
}

/** Whether a key is probably a misspelling of one of these: `local_only`, `baseURL`, `timoutMs`. */
export function isLike(key: string, names: readonly string[]): boolean {
  return nearest(lettersOf(key), names.map(lettersOf)) !== undefined;
}

/** Whether a value, or anything within it, fulfills a condition. @param key the key of a value within an object */
export function someWithin(
  value: unknown,
  holds: (value: unknown, key: string | undefined) => boolean,
  key?: string,
): boolean {
  if (holds(value, key)) return true;
  if (Array.isArray(value)) return value.some((part: unknown) => someWithin(part, holds));
  return isRecord(value) && Object.entries(value).some(([name, part]) => someWithin(part, holds, name));
}

/** The numbers in a value: itself, in a text, or within it. A comma is read as a decimal point: "1,500" is 1.5. */
export function numbersIn(value: unknown): readonly number[] {
  const numbers: number[] = [];
  someWithin(value, (part) => {
    if (typeof part === "number" && !Number.isNaN(part)) numbers.push(part);
    if (typeof part === "string") {
      for (const [found] of part.slice(0, 1000).matchAll(NUMBER))
        numbers.push(Number(found.replace(",", ".")));
    }
    return false;
  });
  return numbers;
}

const NUMBER = /-?(?:\d+(?:[.,]\d+)?|[.,]\d+)(?:e-?\d+)?/gi;

function lettersOf(key: string): string {
  return key.replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase();
}
