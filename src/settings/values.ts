/** The kinds of value that settings are made of. The message of a check is what would be right, as a noun phrase. */
import * as v from "valibot";
import type { Capability, UserTier } from "../contract/model.ts";

/** Longer texts than this are no name, path or pattern. */
const MAX_NAME = 200;

/** Text that a person reads in the settings editor. */
export function about<T>(
  markdownDescription: string,
): v.MetadataAction<T, { readonly markdownDescription: string }> {
  return v.metadata({ markdownDescription });
}

export const modelRef = v.pipe(
  v.string(),
  v.maxLength(MAX_NAME),
  v.regex(/^[^\s/]+\/\S+$/, 'a model as provider/model, such as "openai/gpt-6-luna"'),
);

export const providerId = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a provider\'s id of letters, digits, "-", "_" and "."'),
);

export const name = v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_NAME));

export const glob = v.pipe(v.string(), v.nonEmpty(), v.maxLength(1000));

export const webAddress = v.pipe(
  v.string(),
  v.maxLength(2000),
  v.regex(
    /^https?:\/\/[^\s@]+$/,
    'an address that begins with "http://" or "https://" and holds no user name',
  ),
  v.check((text) => URL.canParse(text), "a complete address"),
);

export const capability = v.picklist([
  "vision",
  "tools",
  "reasoning",
] as const satisfies readonly Capability[]);

export const userTier = v.picklist(["free", "standard", "premium"] as const satisfies readonly UserTier[]);

/** A list of at least one: an empty condition would say nothing, or hold for nobody. */
export function listOf<const S extends v.GenericSchema>(item: S) {
  return v.pipe(v.array(item), v.minLength(1));
}

/** A share or quality, 0 to 1. */
export const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** Dollars. What is held in nano-dollars must stay a safe integer: nine million is the most. */
export const usd = v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000));

/** Tokens, items or characters. */
export function count(least = 0, most = 1_000_000_000) {
  return v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
}

/** A time limit. A day at most: timers of JavaScript cannot wait longer than 24 days. */
export const milliseconds = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(86_400_000));
