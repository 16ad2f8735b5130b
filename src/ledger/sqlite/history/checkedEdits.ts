import type { CheckRecord } from "../../../contract/history.ts";
import { int, type Sql, text } from "../core/sql.ts";

/** Brings the row of `checked_edit` for a decision into line with its outcomes. */
export function updateCheckedEdit(sql: Sql, decisionId: string): void {
  sql.run("DELETE FROM checked_edit WHERE decision_id = ?", decisionId);
  sql.run(
    `INSERT INTO checked_edit (decision_id, route, language, passed, kept)
     SELECT id, route, coalesce(decision_json ->> '$.attributes.language', ''), passed.score, kept.score
     FROM decision
       JOIN outcome AS passed ON passed.decision_id = id AND passed.kind = 'check'
       JOIN outcome AS kept ON kept.decision_id = id AND kept.kind = 'kept'
     WHERE id = ? AND decision_json ->> '$.attributes.isEdit' AND NOT EXISTS (SELECT 1 FROM outcome WHERE decision_id = id AND kind = 'auto')`,
    decisionId,
  );
}

/** How often the check was right about the edits of routes, by route and language. */
export function checkRecords(sql: Sql, routes: readonly string[]): readonly CheckRecord[] {
  return routes.flatMap((route) =>
    sql
      .all(
        `SELECT language, count(*) FILTER (WHERE kept = 0) AS rejected, count(*) FILTER (WHERE kept = 1) AS kept,
           count(*) FILTER (WHERE kept = 0 AND passed = 0) AS found,
           count(*) FILTER (WHERE kept = 1 AND passed = 1) AS passed
         FROM checked_edit WHERE route = ? GROUP BY language`,
        route,
      )
      .map((row) => ({
        route,
        language: text(row, "language"),
        wrong: int(row, "rejected"),
        rejectedWrong: int(row, "found"),
        right: int(row, "kept"),
        passedRight: int(row, "passed"),
      })),
  );
}
