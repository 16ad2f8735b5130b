import * as v from "valibot";
import { isRecord } from "../../base/isRecord.ts";

/**
 * A value of the contract, which only the editor's own code builds: validation checks that it is an object. The editor
 * is trusted; this check finds an editor of another version.
 */
export function contractValue<T extends object>() {
  return v.custom<T>((value) => isRecord(value));
}

/** Like `contractValue`, for a list. */
export function contractValues<T extends object>() {
  return v.custom<readonly T[]>((value) => Array.isArray(value) && value.every(isRecord));
}
