import { isRecord } from "../base/isRecord.ts";
import type { Path } from "./problem.ts";

/** A copy of plain data without the values at some paths; the lists that they were in close up. */
export function without(value: unknown, paths: readonly Path[]): unknown {
  const here = new Map<string | number, Path[]>();
  for (const [key, ...rest] of paths) {
    if (key === undefined) continue;
    const deeper = here.get(key);
    if (deeper === undefined) here.set(key, [rest]);
    else deeper.push(rest);
  }
  const goes = (key: string | number) => here.get(key)?.some((rest) => rest.length === 0) === true;
  const kept = (part: unknown, key: string | number) => {
    const deeper = here.get(key);
    return deeper === undefined ? part : without(part, deeper);
  };
  if (Array.isArray(value)) {
    return value.flatMap((part: unknown, index) => (goes(index) ? [] : [kept(part, index)]));
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => (goes(key) ? [] : [[key, kept(part, key)]])),
  );
}
