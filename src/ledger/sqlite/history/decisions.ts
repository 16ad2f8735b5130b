import type { AnswerSummary } from "../../../contract/answer.ts";
import { type Decision, routeName } from "../../../contract/decision.ts";
import type { AnswerLength, DecisionRecord, OutcomeKind } from "../../../contract/history.ts";
import type { Database } from "../core/database.ts";
import { int, json, optionalInt, optionalJson, optionalText, type Sql, text } from "../core/sql.ts";
import { updateCheckedEdit } from "./checkedEdits.ts";
import { insertTrial, updateTrial } from "./experiments.ts";

/** Estimates cover this many answers of each route. */
const RECENT_ANSWERS = 100;

/** Stores a decision, with its summary if that is known. */
export function insertDecision(sql: Sql, { decision, promptText, summary }: DecisionRecord): void {
  sql.run(
    `INSERT OR REPLACE INTO decision
       (id, at_ms, route, command, characters, decision_json, prompt_text, summary_json, ref, output_tokens)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[decision.id, decision.atMs, routeName(decision.route), decision.attributes.command ?? ""],
    ...[decision.attributes.characters ?? null, JSON.stringify(decision), promptText ?? null],
    ...(summary === undefined ? [null, null, null] : summaryColumns(summary)),
  );
  if (decision.experiment === undefined) return;
  insertTrial(sql, decision, decision.experiment);
  if (summary !== undefined) updateTrial(sql, summary);
}

/** Adds the summary to a decision. If the decision was deleted meanwhile, nothing is stored. */
export function updateSummary(sql: Sql, summary: AnswerSummary): void {
  const updated = sql.run(
    "UPDATE decision SET summary_json = ?, ref = ?, output_tokens = ? WHERE id = ?",
    ...[...summaryColumns(summary), summary.decisionId],
  );
  if (updated > 0) updateTrial(sql, summary);
}

function summaryColumns(summary: AnswerSummary) {
  return [JSON.stringify(summary), summary.modelUsed ?? null, outputTokensOf(summary)] as const;
}

/** Returns a decision with its summary; undefined if it is not stored. */
export function decisionById(sql: Sql, id: string): DecisionRecord | undefined {
  const row = sql.get("SELECT decision_json, prompt_text, summary_json FROM decision WHERE id = ?", id);
  if (row === undefined) return undefined;
  return {
    decision: json<Decision>(row, "decision_json"),
    summary: optionalJson<AnswerSummary>(row, "summary_json"),
    promptText: optionalText(row, "prompt_text"),
  };
}

/** The lengths of recent complete answers to a command, of each route the newest first. */
export function answerLengths(
  sql: Sql,
  routes: readonly string[],
  command: string | undefined,
): readonly AnswerLength[] {
  return routes.flatMap((route) =>
    sql
      .all(
        `SELECT ref, characters, output_tokens FROM decision
         WHERE route = ? AND command = ? AND output_tokens IS NOT NULL ORDER BY at_ms DESC LIMIT ?`,
        ...[route, command ?? "", RECENT_ANSWERS],
      )
      .map((row) => ({
        route,
        ref: optionalText(row, "ref") ?? "",
        characters: optionalInt(row, "characters"),
        outputTokens: int(row, "output_tokens"),
      })),
  );
}

/** Stores an outcome of a decision; it replaces an earlier one of the same kind. */
export function upsertOutcome(sql: Sql, decisionId: string, kind: OutcomeKind, score: number): void {
  sql.run(
    "INSERT OR REPLACE INTO outcome (decision_id, kind, score) VALUES (?, ?, ?)",
    ...[decisionId, kind, score],
  );
  updateCheckedEdit(sql, decisionId);
}

/** Removes an outcome of a decision. */
export function deleteOutcome(sql: Sql, decisionId: string, kind: OutcomeKind): void {
  sql.run("DELETE FROM outcome WHERE decision_id = ? AND kind = ?", decisionId, kind);
  updateCheckedEdit(sql, decisionId);
}

/** Deletes decisions with their outcomes and their parts in experiments. What they cost stays in the budget's totals. */
export async function deleteDecisionsBefore(database: Database, ms: number): Promise<void> {
  await database.deleteInBatches((sql, limit) => {
    const ids = sql
      .all("SELECT id FROM decision WHERE at_ms < ? LIMIT ?", ms, limit)
      .map((row) => text(row, "id"));
    for (const id of ids) {
      sql.run("DELETE FROM outcome WHERE decision_id = ?", id);
      sql.run("DELETE FROM checked_edit WHERE decision_id = ?", id);
      sql.run("DELETE FROM trial WHERE decision_id = ?", id);
      sql.run("DELETE FROM decision WHERE id = ?", id);
    }
    return ids.length;
  });
}

/** The length of a complete answer. Null for one that was stopped or resumed: it predicts the length of no other answer. */
function outputTokensOf({ ending, attempts, usage }: AnswerSummary): number | null {
  if (ending.kind !== "complete" || attempts.some(({ resumeMethod }) => resumeMethod !== undefined))
    return null;
  const answered = attempts.findLast(({ outcome }) => outcome.kind === "answered");
  return (answered?.usage ?? usage)?.outputTokens ?? null;
}
