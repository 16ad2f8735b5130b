import { randomUUID } from "node:crypto";

/**
 * A new id that sorts by the moment of its making (RFC 9562, 5.7): rows of the ledger under such ids come at the end of
 * their tables, where random ones would each touch a page of their own.
 * @param nowMs milliseconds since 1970
 */
export function uuidV7(nowMs: number): string {
  const time = nowMs.toString(16).padStart(12, "0");
  // Version and 12 random bits, variant and 62 more: the rest of a random id, but for the version.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
