import type { AnswerSummary, Attempt } from "../../contract/answer.ts";
import type { Decision } from "../../contract/decision.ts";
import type { DecisionRecord } from "../history.ts";
import { median } from "../median.ts";
import { routeName } from "../routeName.ts";
import { endTrial, insertTrial } from "./experiments.ts";
import { int, json, optionalJson, optionalText, type Row, text } from "./rows.ts";
import type { Sql } from "./sql.ts";

/** The output of so many recent answers is looked back on. */
const RECENT_ANSWERS = 50;

export function insertDecision(sql: Sql, record: Omit<DecisionRecord, "summary">): void {
  const { decision, settingsHash, promptText } = record;
  sql.run(
    `INSERT INTO decision (id, at_ms, route, command, decided, settings_hash, prompt_text) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET
       at_ms = excluded.at_ms, route = excluded.route, command = excluded.command, decided = excluded.decided,
       settings_hash = excluded.settings_hash, prompt_text = excluded.prompt_text`,
    ...[decision.id, decision.atMs, routeName(decision.route), decision.attributes.command ?? ""],
    ...[JSON.stringify(decision), settingsHash, promptText ?? null],
  );
  insertTrial(sql, decision);
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
  for (const [index, attempt] of summary.attempts.entries()) {
    insertAttempt(sql, summary.decisionId, index + 1, int(known, "at_ms"), attempt);
  }
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

/** The newest first. */
export function latestDecisions(sql: Sql, limit: number): readonly DecisionRecord[] {
  return sql
    .all(
      "SELECT decided, settings_hash, prompt_text, summary FROM decision ORDER BY at_ms DESC, rowid DESC LIMIT ?",
      limit,
    )
    .map(recordOf);
}

/** The median output tokens of the last whole answers of a route and command; undefined below `atLeast` of them. */
export function medianOutput(
  sql: Sql,
  route: string,
  command: string | undefined,
  atLeast: number,
): number | undefined {
  const tokens = sql
    .all(
      `SELECT output_tokens FROM decision
       WHERE route = ? AND command = ? AND output_tokens IS NOT NULL ORDER BY at_ms DESC LIMIT ?`,
      ...[route, command ?? "", RECENT_ANSWERS],
    )
    .map((row) => int(row, "output_tokens"));
  const middle = tokens.length < atLeast ? undefined : median(tokens);
  return middle === undefined ? undefined : Math.round(middle);
}

/** Times in an attempt count from the start of its request; the row has the calendar's. */
function insertAttempt(
  sql: Sql,
  decisionId: string,
  number: number,
  requestMs: number,
  attempt: Attempt,
): void {
  const { ref, startedMs, tookMs, firstTokenMs, cost, outcome } = attempt;
  sql.run(
    `INSERT INTO attempt (decision_id, number, at_ms, ref, took_ms, first_token_ms, failure, cost, nano)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[decisionId, number, Math.round(requestMs + startedMs), ref, tookMs, firstTokenMs ?? null],
    ...[failureColumn(outcome), cost.kind],
    cost.kind === "unknown" ? null : cost.nanoUsd,
  );
}

/** Null for an answer that was of use alone. */
function failureColumn(outcome: Attempt["outcome"]): string | null {
  switch (outcome.kind) {
    case "answered":
      return null;
    case "unjoined":
      return outcome.kind;
    case "failed":
      return outcome.failure.kind;
  }
}

/** What a whole answer came to; one that was stopped, or torn and gone on with, tells nothing of how long they are. */
function wholeOutputTokens({ ending, attempts, usage }: AnswerSummary): number | null {
  if (ending.kind !== "complete" || attempts.some(({ continues }) => continues !== undefined)) return null;
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
