import type { Circumstances } from "../../contract/history.ts";
import { text } from "./rows.ts";
import type { Sql } from "./sql.ts";

export function insertCircumstances(
  sql: Sql,
  decisionId: string,
  { hash, seldom, moment }: Circumstances,
): void {
  sql.run("INSERT OR IGNORE INTO circumstance (hash, seldom) VALUES (?, ?)", hash, seldom);
  sql.run(
    "INSERT OR REPLACE INTO moment (decision_id, hash, moment) VALUES (?, ?, ?)",
    decisionId,
    hash,
    moment,
  );
}

export function circumstancesOf(sql: Sql, decisionId: string): Circumstances | undefined {
  const row = sql.get(
    "SELECT hash, seldom, moment FROM moment JOIN circumstance USING (hash) WHERE decision_id = ?",
    decisionId,
  );
  if (row === undefined) return undefined;
  return { hash: text(row, "hash"), seldom: text(row, "seldom"), moment: text(row, "moment") };
}

/** Deletes what no decision that is kept was made in. */
export function forgetCircumstances(sql: Sql): void {
  sql.run(
    "DELETE FROM circumstance WHERE NOT EXISTS (SELECT 1 FROM moment WHERE moment.hash = circumstance.hash)",
  );
}
