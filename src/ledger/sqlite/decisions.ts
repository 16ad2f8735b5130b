import { median } from "../../base/median.ts";
import type { AnswerSummary, Attempt } from "../../contract/answer.ts";
import type { Decision } from "../../contract/decision.ts";
import { routeName } from "../../contract/decision.ts";
import type { DecisionRecord } from "../../contract/history.ts";
import { endTrial, insertTrial } from "./experiments.ts";
import { int, json, optionalJson, optionalText, type Row, text } from "./rows.ts";
import type { Sql } from "./sql.ts";

/** The output of so many recent answers is looked back on. */
const RECENT_ANSWERS = 50;

export function insertDecision(
  sql: Sql,
  { decision, settingsHash, promptText, summary }: DecisionRecord,
): void {
  sql.run(
    `INSERT OR REPLACE INTO decision
       (id, at_ms, route, command, decided, settings_hash, prompt_text, summary, output_tokens)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[decision.id, decision.atMs, routeName(decision.route), decision.attributes.command ?? ""],
    ...[JSON.stringify(decision), settingsHash, promptText ?? null],
    ...(summary === undefined ? [null, null] : [JSON.stringify(summary), wholeOutputTokens(summary)]),
  );
  insertTrial(sql, decision);
  if (summary === undefined) return;
  if (decision.experiment !== undefined) endTrial(sql, summary);
  insertAttempts(sql, summary, decision.atMs);
}

/** Adds how a decision ended, and its attempts. Of a decision that is not known (any more) nothing is kept. */
export function updateSummary(sql: Sql, summary: AnswerSummary): void {
  const known = sql.get("SELECT at_ms FROM decision WHERE id = ?", summary.decisionId);
  if (known === undefined) return;
  sql.run(
    "UPDATE decision SET summary = ?, output_tokens = ? WHERE id = ?",
    ...[JSON.stringify(summary), wholeOutputTokens(summary), summary.decisionId],
  );
  endTrial(sql, summary);
  sql.run("DELETE FROM attempt WHERE decision_id = ?", summary.decisionId);
  insertAttempts(sql, summary, int(known, "at_ms"));
}

export function insertOutcome(sql: Sql, decisionId: string, kind: string, score: number): void {
  sql.run(
    "INSERT OR REPLACE INTO outcome (decision_id, kind, score) VALUES (?, ?, ?)",
    ...[decisionId, kind, score],
  );
}

export function decisionById(sql: Sql, id: string): DecisionRecord | undefined {
  const row = sql.get("SELECT decided, settings_hash, prompt_text, summary FROM decision WHERE id = ?", id);
  return row === undefined ? undefined : recordOf(row);
}

/** The median output tokens of the last whole answers of routes for a command; none for those below `atLeast` of them. */
export function medianOutputs(
  sql: Sql,
  routes: readonly string[],
  command: string | undefined,
  atLeast: number,
): ReadonlyMap<string, number> {
  const medians = new Map<string, number>();
  for (const route of routes) {
    const tokens = sql
      .all(
        `SELECT output_tokens FROM decision
         WHERE route = ? AND command = ? AND output_tokens IS NOT NULL ORDER BY at_ms DESC LIMIT ?`,
        ...[route, command ?? "", RECENT_ANSWERS],
      )
      .map((row) => int(row, "output_tokens"));
    const middle = tokens.length < atLeast ? undefined : median(tokens);
    if (middle !== undefined) medians.set(route, Math.round(middle));
  }
  return medians;
}

/** Times in an attempt count from the start of its request; the row has the calendar's. */
function insertAttempts(sql: Sql, { decisionId, attempts }: AnswerSummary, requestMs: number): void {
  for (const [index, { ref, startedMs, tookMs, firstTokenMs, cost, outcome }] of attempts.entries()) {
    sql.run(
      `INSERT INTO attempt (decision_id, number, at_ms, ref, took_ms, first_token_ms, failure, cost, nano)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[decisionId, index + 1, Math.round(requestMs + startedMs), ref, tookMs, firstTokenMs ?? null],
      ...[failureColumn(outcome), cost.kind],
      cost.kind === "unknown" ? null : cost.nanoUsd,
    );
  }
}

/** Null for an answer that was of use alone. */
function failureColumn(outcome: Attempt["outcome"]): string | null {
  switch (outcome.kind) {
    case "answered":
      return null;
    case "not-resumed":
      return outcome.kind;
    case "failed":
      return outcome.failure.kind;
  }
}

/** What a whole answer came to; one that was stopped, or torn and gone on with, tells nothing of how long they are. */
function wholeOutputTokens({ ending, attempts, usage }: AnswerSummary): number | null {
  if (ending.kind !== "complete" || attempts.some(({ resumeMethod: continues }) => continues !== undefined))
    return null;
  const answered = attempts.findLast((attempt) => attempt.outcome.kind === "answered");
  return (answered?.usage ?? usage)?.outputTokens ?? null;
}

function recordOf(row: Row): DecisionRecord {
  const summary = optionalJson<AnswerSummary>(row, "summary");
  const promptText = optionalText(row, "prompt_text");
  return {
    decision: json<Decision>(row, "decided"),
    settingsHash: text(row, "settings_hash"),
    ...(summary === undefined ? {} : { summary }),
    ...(promptText === undefined ? {} : { promptText }),
  };
}

export function deleteOutcome(sql: Sql, decisionId: string, kind: string): void {
  sql.run("DELETE FROM outcome WHERE decision_id = ? AND kind = ?", decisionId, kind);
}
