import * as v from "valibot";
import { isRecord } from "../../base/isRecord.ts";
import { usd } from "../values.ts";
import { type ClosedRead, findingsOf, numbersIn, readWith } from "./reading.ts";

/**
 * Reads a limit that is invalid: the stricter of what can be read of it and its default. Of a limit without a default, of
 * which nothing can be read, the least valid amount is left.
 * @param initial the default; null for no limit
 */
export function readLimit(schema: v.GenericSchema, raw: unknown, initial: number | null): ClosedRead<number> {
  const value = closedLimit(schema, raw, initial);
  return { value, findings: findingsOf(schema, raw, [], () => `A limit of ${value} applies.`) };
}

/** The stricter of a limit and of what can be read of another value for it. */
export function stricterLimit<N extends number | null>(
  schema: v.GenericSchema,
  limit: N,
  other: unknown,
): number | N {
  return readWith(schema, other) === null ? limit : closedLimit(schema, other, limit);
}

/** The name of a limit that may be meant for any model or provider, because its own name cannot be read. */
export const ANY_NAME = "*";

/**
 * Reads limits by name of which some are invalid: each as `readLimit` does. One without a valid name, or a value that is
 * no object, applies to all of them together.
 * @param schema of the whole setting
 */
export function readLimits(
  schema: v.GenericSchema<unknown, Readonly<Record<string, number>>>,
  name: v.GenericSchema,
  raw: unknown,
): ClosedRead<Readonly<Record<string, number>>> {
  const value: Record<string, number> = Object.create(null);
  for (const [key, entry] of Object.entries(isRecord(raw) ? raw : { [ANY_NAME]: raw })) {
    const known = v.safeParse(name, key).success ? key : ANY_NAME;
    const limit = readWith(usd, entry) ?? closedLimit(usd, entry, null);
    value[known] = Math.min(limit, value[known] ?? limit);
  }
  const findings = findingsOf(schema, raw, [], ([key]) => {
    const own = typeof key === "string" ? value[key] : undefined;
    return own === undefined
      ? `A limit of ${value[ANY_NAME] ?? 0} for all together applies.`
      : `A limit of ${own} applies.`;
  });
  return { value, findings };
}

/** The lower one of two limits for each name. */
export function stricterLimits(
  limits: Readonly<Record<string, number>>,
  others: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const strict: Record<string, number> = Object.assign(Object.create(null), limits);
  for (const [name, limit] of Object.entries(others)) strict[name] = Math.min(limit, strict[name] ?? limit);
  return strict;
}

function closedLimit(schema: v.GenericSchema, raw: unknown, initial: number | null): number {
  const read = numbersIn(raw);
  const least = Math.min(...read, initial ?? (read.length === 0 ? 0 : Number.POSITIVE_INFINITY));
  // The number may be no whole one, or out of the schema's bounds.
  const candidates = [least, Math.floor(least), ...(least >= 1 ? [1_000_000] : [0, 1])];
  return candidates.find((candidate) => v.safeParse(schema, candidate).success) ?? 0;
}
