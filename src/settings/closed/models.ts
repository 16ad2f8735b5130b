import { isRecord } from "../../base/isRecord.ts";
import { type ModelCorrection, modelCorrection, models } from "../declared/providers.ts";
import { valueAt } from "../problems.ts";
import { count, modelRef } from "../values.ts";
import { readLimit } from "./limits.ts";
import {
  type ClosedRead,
  type Finding,
  findingsOf,
  isLike,
  numbersIn,
  readWith,
  someWithin,
} from "./reading.ts";

/** An entry as the product uses it. */
export type ReadCorrection = ModelCorrection & {
  /** A price in it cannot be read, so the built-in prices are not known to be right. */
  readonly hasUnknownPrice?: boolean | undefined;
};

const PRICE_NAMES = [
  "inputUsdPerMTok",
  "outputUsdPerMTok",
  "cacheReadUsdPerMTok",
  "cacheWriteUsdPerMTok",
  "tiers",
  // What people write instead.
  ...["price", "prices", "cost", "costs", "input", "output"],
];

/**
 * Reads corrections of which some are invalid. An invalid field is ignored by itself. With an invalid or misspelt price,
 * the model's price is unknown: with a budget, the model is skipped.
 */
export function readModels(raw: unknown): ClosedRead<Readonly<Record<string, ReadCorrection>>> {
  if (!isRecord(raw)) {
    return { value: {}, findings: findingsOf(models.schema, raw, [], () => "The built-in figures apply.") };
  }
  const findings: Finding[] = [];
  const value: Record<string, ReadCorrection> = Object.create(null);
  for (const [ref, entry] of Object.entries(raw)) {
    const wrongRef = findingsOf(modelRef, ref, [ref], () => "It is ignored.");
    findings.push(...wrongRef);
    const read = readModel(ref, entry);
    findings.push(...read.findings);
    if (wrongRef.length === 0) value[ref] = read.value;
  }
  return { value, findings };
}

function readModel(ref: string, raw: unknown): ClosedRead<ReadCorrection> {
  const valid = readWith(modelCorrection, raw);
  if (valid !== undefined) return { value: valid, findings: [] };
  const fields = isRecord(raw) ? Object.entries(raw) : [];
  const invalid = fields.filter(([key, value]) => readWith(modelCorrection, { [key]: value }) === undefined);
  const hasUnknownPrice = !isRecord(raw) || invalid.some(([key, value]) => isPrice(key, value));
  const kept = fields.flatMap(([key, value]) => {
    if (!invalid.some(([name]) => name === key)) return [[key, value]];
    const isLimit = key === "maxInputTokens" || key === "maxOutputTokens";
    return isLimit && numbersIn(value).length > 0 ? [[key, readLimit(count(1), value, null).value]] : [];
  });
  const findings = findingsOf(modelCorrection, raw, [ref], ([key, ...deeper]) =>
    key === undefined || isPrice(String(key), valueAt(raw, [key, ...deeper]))
      ? "The price of the model is unknown."
      : "It is ignored.",
  );
  const read = readWith(modelCorrection, Object.fromEntries(kept));
  return { value: { ...read, ...(hasUnknownPrice ? { hasUnknownPrice } : {}) }, findings };
}

/** Whether a field is a price, misspelt or not, or contains one. */
function isPrice(key: string, value: unknown): boolean {
  return someWithin(value, (_, name) => name !== undefined && isLike(name, PRICE_NAMES), key);
}
