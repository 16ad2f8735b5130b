/** The values of an exported conversation. A file may be written by anyone, so each has limits. */
import * as v from "valibot";
import type { FailureRecord } from "../../contract/failure.ts";

/** A type with every optional property present. */
type Full<T> = T extends readonly (infer E)[]
  ? readonly Full<E>[]
  : T extends object
    ? { readonly [K in keyof T]-?: Full<Exclude<T[K], undefined>> }
    : T;

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/**
 * The type of a schema that reads a type of the contract. `never`, so that it does not compile, if one of them has a
 * property or a case that the other lacks, at any depth: then add it to the schema.
 */
export type SchemaOf<T, S extends v.GenericSchema> =
  Same<Full<v.InferOutput<S>>, Full<T>> extends true ? v.GenericSchema<unknown, T> : never;

/** The last moment that JavaScript's `Date` can show. */
const LAST_MS = 8.64e15;

/** A name, an id or another short text. */
export const shortText = v.pipe(v.string(), v.maxLength(2_000));
export const id = v.pipe(v.string(), v.nonEmpty(), v.maxLength(200));
/** A model as `provider/model`. */
export const ref = v.pipe(v.string(), v.nonEmpty(), v.maxLength(300));
export const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
/** JSON has no infinite numbers, but `1e999` is read as one. */
export const figure = v.pipe(v.number(), v.minValue(-Number.MAX_VALUE), v.maxValue(Number.MAX_VALUE));
/** An amount of nano-dollars. What is left of a budget may be negative. */
export const amount = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(Number.MIN_SAFE_INTEGER),
  v.maxValue(Number.MAX_SAFE_INTEGER),
);
export const cost = v.pipe(amount, v.minValue(0));
/** A moment, in milliseconds since 1970. */
export const moment = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LAST_MS));
export const duration = v.pipe(figure, v.minValue(0));
export const capability = v.picklist(["vision", "tools", "reasoning"]);
export const tier = v.picklist(["free", "standard", "premium"]);
export const qualityBasis = v.picklist(["measured", "estimate", "settings"]);

/** A `FailureRecord` of the contract. */
const failureRecord = v.object({
  kind: v.picklist([
    "rate-limited",
    "overloaded",
    "timeout",
    "cut",
    "empty",
    "context-length",
    "too-large",
    "capability",
    "refused",
    "auth",
    "forbidden",
    "not-found",
    "quota",
    "unreachable",
    "certificate",
    "bad-request",
    "malformed",
    "cancelled",
  ]),
  provider: shortText,
  status: v.optional(count),
  code: v.optional(shortText),
  message: v.string(),
  retryAfterMs: v.optional(figure),
  requestId: v.optional(shortText),
  phase: v.optional(v.picklist(["connect", "headers", "first-token", "idle", "total"])),
  capability: v.optional(capability),
  size: v.optional(v.object({ limitTokens: figure, requestedTokens: figure, withOutput: v.boolean() })),
  scope: v.optional(v.literal("model")),
  fields: v.optional(v.array(shortText)),
  isAdaptable: v.optional(v.literal(true)),
  isOffline: v.optional(v.literal(true)),
  notSent: v.optional(v.literal(true)),
});

export const failure: SchemaOf<FailureRecord, typeof failureRecord> = failureRecord;
