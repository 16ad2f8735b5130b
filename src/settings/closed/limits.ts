import * as v from "valibot";
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

function closedLimit(schema: v.GenericSchema, raw: unknown, initial: number | null): number {
  const read = numbersIn(raw);
  const least = Math.min(...read, initial ?? (read.length === 0 ? 0 : Number.POSITIVE_INFINITY));
  // The number may be no whole one, or out of the schema's bounds.
  const candidates = [least, Math.floor(least), ...(least >= 1 ? [1_000_000] : [0, 1])];
  return candidates.find((candidate) => v.safeParse(schema, candidate).success) ?? 0;
}
