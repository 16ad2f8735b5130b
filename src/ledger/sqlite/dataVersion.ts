import { int } from "./rows.ts";
import type { Sql } from "./sql.ts";

/** Moves when another connection has committed something. */
export function dataVersion(sql: Sql): number {
  const row = sql.get("PRAGMA data_version");
  return row === undefined ? 0 : int(row, "data_version");
}
