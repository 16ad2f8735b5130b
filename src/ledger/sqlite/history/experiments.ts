import type { AnswerSummary } from "../../../contract/answer.ts";
import type { Decision, ExperimentArm, ExperimentAssignment } from "../../../contract/decision.ts";
import type {
  ArmCounts,
  ExperimentCounts,
  ExperimentMetric,
  OutcomeKind,
  UnitValues,
} from "../../../contract/history.ts";
import { NANO_PER_USD } from "../../../contract/money.ts";
import { int, type Row, real, type Sql, text } from "../core/sql.ts";

/** Stores a decision's part in an experiment. */
export function insertTrial(
  sql: Sql,
  { id, atMs }: Decision,
  { name, arm, unit }: ExperimentAssignment,
): void {
  sql.run(
    "INSERT OR IGNORE INTO trial (decision_id, experiment, arm, unit, at_ms) VALUES (?, ?, ?, ?, ?)",
    ...[id, name, arm, unit, atMs],
  );
}

/** Adds how the decision ended, if it is part of an experiment. */
export function updateTrial(
  sql: Sql,
  { decisionId, ending, cost, tookMs, fallbackCount }: AnswerSummary,
): void {
  sql.run(
    "UPDATE trial SET ending = ?, nano = ?, took_ms = ?, fallbacks = ? WHERE decision_id = ?",
    ...[ending.kind, cost.kind === "unknown" ? null : cost.nanoUsd, tookMs, fallbackCount, decisionId],
  );
}

const scoreOf = (kind: OutcomeKind) =>
  `(SELECT score FROM outcome WHERE outcome.decision_id = trial.decision_id AND kind = '${kind}')`;

/**
 * A decision's value of each metric, or null. A request that was not sent has no cost. An answer that was stopped or
 * failed has no latency, because it would look fast.
 */
const VALUE = {
  costUsd: `CASE WHEN ending <> 'not-sent' THEN nano / ${NANO_PER_USD}.0 END`,
  latencyMs: "CASE WHEN ending = 'complete' THEN took_ms END",
  thumbs: scoreOf("thumbs"),
  kept: scoreOf("kept"),
} as const satisfies Record<ExperimentMetric, string>;

/** One value per unit, see `UnitValues`. */
export function experimentValues(sql: Sql, name: string, metric: ExperimentMetric): UnitValues {
  const rows = sql.all(
    `SELECT arm, avg(value) AS mean FROM (
       SELECT unit, arm, at_ms, ${VALUE[metric]} AS value,
         first_value(arm) OVER (PARTITION BY unit ORDER BY at_ms, decision_id) AS first_arm
       FROM trial WHERE experiment = ?
     ) WHERE arm = first_arm GROUP BY unit HAVING mean IS NOT NULL ORDER BY min(at_ms), unit`,
    name,
  );
  const valuesOf = (arm: ExperimentArm) =>
    rows.filter((row) => text(row, "arm") === arm).map((row) => real(row, "mean"));
  return { control: valuesOf("control"), treatment: valuesOf("treatment") };
}

/** The experiments with stored decisions, the newest first. */
export function experimentCounts(sql: Sql): readonly ExperimentCounts[] {
  const rows = sql.all(
    `SELECT experiment, arm, min(at_ms) AS first, max(at_ms) AS last, count(DISTINCT unit) AS units,
       count(*) AS decisions, count(*) FILTER (WHERE ending = 'failed') AS failures,
       count(*) FILTER (WHERE fallbacks > 0) AS fallbacks
     FROM trial GROUP BY experiment, arm`,
  );
  const byName = Map.groupBy(rows, (row) => text(row, "experiment"));
  return [...byName]
    .map(([name, arms]) => ({
      name,
      firstAtMs: Math.min(...arms.map((row) => int(row, "first"))),
      lastAtMs: Math.max(...arms.map((row) => int(row, "last"))),
      control: countsOf(arms, "control"),
      treatment: countsOf(arms, "treatment"),
    }))
    .sort((a, b) => b.lastAtMs - a.lastAtMs);
}

function countsOf(rows: readonly Row[], arm: ExperimentArm): ArmCounts {
  const row = rows.find((candidate) => text(candidate, "arm") === arm);
  if (row === undefined) return { units: 0, decisions: 0, failures: 0, fallbacks: 0 };
  return {
    units: int(row, "units"),
    decisions: int(row, "decisions"),
    failures: int(row, "failures"),
    fallbacks: int(row, "fallbacks"),
  };
}
