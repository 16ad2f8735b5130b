/** Deeper than any setting is. */
const MAX_DEPTH = 10;
/** Longer lists, and objects of more names, are cut. */
const MAX_ENTRIES = 1000;
/** Values in one setting, all its parts counted. */
const MAX_VALUES = 100_000;

/** A place where a list or an object was cut. */
export type Cut = {
  readonly path: readonly (string | number)[];
  readonly entries: number;
  readonly kept: number;
};

export type PlainData = { readonly value: unknown; readonly cuts: readonly Cut[] };

/**
 * Copies a value into plain data of bounded size, whatever it is: proxies and getters are read once, classes become
 * their fields, what is no data stays as it is and is refused by the schema. Undefined where it cannot be read, or is
 * larger than any settings are.
 */
export function plainData(value: unknown): PlainData | undefined {
  const cuts: Cut[] = [];
  let left = MAX_VALUES;
  const copy = (from: unknown, path: readonly (string | number)[]): unknown => {
    left -= 1;
    if (left < 0) throw new RangeError("too large");
    if (typeof from !== "object" || from === null) return from;
    if (path.length >= MAX_DEPTH) return undefined;
    if (Array.isArray(from)) {
      if (from.length > MAX_ENTRIES) cuts.push({ path, entries: from.length, kept: MAX_ENTRIES });
      return Array.from({ length: Math.min(from.length, MAX_ENTRIES) }, (_, index) =>
        copy(from[index], [...path, index]),
      );
    }
    const keys = Object.keys(from);
    if (keys.length > MAX_ENTRIES) cuts.push({ path, entries: keys.length, kept: MAX_ENTRIES });
    // Without a prototype `__proto__` is a name like any other.
    const to: Record<string, unknown> = Object.create(null);
    for (const key of keys.slice(0, MAX_ENTRIES)) to[key] = copy(Reflect.get(from, key), [...path, key]);
    return to;
  };
  try {
    return { value: copy(value, []), cuts };
  } catch {
    return undefined;
  }
}
