import type { Topic } from "../changes.ts";
import { int, text } from "./rows.ts";
import type { Sql } from "./sql.ts";

/** Counts a change of a topic, in the transaction that makes it: how other processes learn what changed. */
export function countChange(sql: Sql, topic: Topic): void {
  sql.run("UPDATE change SET counter = counter + 1 WHERE topic = ?", topic);
}

/** How often each topic was changed. */
export function changeCounters(sql: Sql): ReadonlyMap<string, number> {
  return new Map(
    sql.all("SELECT topic, counter FROM change").map((row) => [text(row, "topic"), int(row, "counter")]),
  );
}

/** Moves when another connection has committed something. */
export function dataVersion(sql: Sql): number {
  const row = sql.get("PRAGMA data_version");
  return row === undefined ? 0 : int(row, "data_version");
}
