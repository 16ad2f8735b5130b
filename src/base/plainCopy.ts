import { isRecord } from "./isRecord.ts";

/** Bounds of a value, far above what people write into settings. */
const MAX_DEPTH = 10;
export const MAX_ENTRIES = 1000;
const MAX_VALUES = 100_000;

/** The key of an entry, invalid everywhere, that stands for the entries of an object that were cut. */
export const CUT_KEY = "…";

type Path = readonly (string | number)[];

/** A list or an object that was cut after `MAX_ENTRIES`. */
export type Cut = { readonly path: Path; readonly entries: number };

/**
 * Copies any value into plain data of bounded size: getters and proxies are read once, class instances become objects,
 * and values that are not data stay for the schema to reject. Undefined if the value cannot be read or is too large.
 * @param marksCuts adds an invalid entry, undefined, to each list and object that was cut
 */
export function plainCopy(
  value: unknown,
  marksCuts = false,
): { readonly value: unknown; readonly cuts: readonly Cut[] } | undefined {
  const cuts: Cut[] = [];
  let left = MAX_VALUES;
  const copy = (from: unknown, path: Path): unknown => {
    left -= 1;
    if (left < 0) throw new RangeError("The value is too large.");
    if (typeof from !== "object" || from === null) return from;
    if (path.length >= MAX_DEPTH) return undefined;
    if (Array.isArray(from)) {
      const isCut = from.length > MAX_ENTRIES;
      if (isCut) cuts.push({ path, entries: from.length });
      const entries = Array.from({ length: Math.min(from.length, MAX_ENTRIES) }, (_, index) =>
        copy(from[index], [...path, index]),
      );
      return isCut && marksCuts ? [...entries, undefined] : entries;
    }
    const keys = Object.keys(from);
    const isCut = keys.length > MAX_ENTRIES;
    if (isCut) cuts.push({ path, entries: keys.length });
    // Without a prototype, `__proto__` is a key like any other.
    const to: Record<string, unknown> = Object.create(null);
    for (const key of keys.slice(0, MAX_ENTRIES)) to[key] = copy(Reflect.get(from, key), [...path, key]);
    if (isCut && marksCuts) to[CUT_KEY] = undefined;
    return to;
  };
  try {
    return { value: copy(value, []), cuts };
  } catch {
    return undefined;
  }
}

/** The own properties of a value that may be a proxy or have getters; none if it cannot be read. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  try {
    return isRecord(value) ? Object.entries(value) : [];
  } catch {
    return [];
  }
}
