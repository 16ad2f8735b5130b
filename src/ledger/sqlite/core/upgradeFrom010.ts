import { isRecord } from "../../../base/isRecord.ts";
import { parseBoundedJson } from "../../../base/json.ts";
import type { Sql } from "./sql.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * The schema step after version 0.1.0: removes tables and columns that nothing reads, renames columns, and rewrites the
 * stored JSON, row by row, to the current field names.
 *
 * A window of 0.1.0 that still has the file open cannot damage it. Every statement with which it would store JSON or
 * reserve money names a column that no longer exists, so its requests fail with an error until the window is reloaded.
 * What it has reserved stays reserved until then, and is settled like the reservations of a process that died. If 0.1.0
 * opens the file again, it finds the format too new, renames the file and starts another, which this version upgrades
 * when it opens it next.
 */
export function upgradeFrom010(sql: Sql): void {
  sql.script(`
    DROP TABLE attempt;
    DROP TABLE circumstance;
    DROP TABLE moment;

    ALTER TABLE reservation RENAME TO old_reservation;
    CREATE TABLE reservation (
      id TEXT PRIMARY KEY, lease TEXT NOT NULL, day TEXT NOT NULL, ref TEXT NOT NULL,
      reserved_nano INTEGER NOT NULL, so_far_nano INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO reservation SELECT id, lease, day, ref, held_nano, so_far_nano FROM old_reservation;
    DROP TABLE old_reservation;

    ALTER TABLE spend RENAME TO old_spend;
    CREATE TABLE spend (
      id TEXT PRIMARY KEY, day TEXT NOT NULL, ref TEXT NOT NULL, rank INTEGER NOT NULL, nano INTEGER
    ) STRICT, WITHOUT ROWID;
    INSERT INTO spend SELECT id, day, ref, rank, nano FROM old_spend ORDER BY id;
    DROP TABLE old_spend;

    ALTER TABLE total RENAME TO old_total;
    CREATE TABLE total (
      day TEXT NOT NULL, ref TEXT NOT NULL,
      nano INTEGER NOT NULL, attempts INTEGER NOT NULL, unknown INTEGER NOT NULL,
      PRIMARY KEY (day, ref)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO total SELECT day, ref, sum(nano), sum(attempts), sum(unknown) FROM old_total GROUP BY day, ref;
    DROP TABLE old_total;

    ALTER TABLE day_total RENAME COLUMN bookings TO changes;
    ALTER TABLE health RENAME COLUMN block TO pause;
    ALTER TABLE decision RENAME COLUMN decided TO decision_json;
    ALTER TABLE decision RENAME COLUMN summary TO summary_json;
    ALTER TABLE decision DROP COLUMN settings_hash;
    ALTER TABLE conversation RENAME COLUMN sought TO search_text;
    ALTER TABLE turn RENAME COLUMN body TO turn_json;
    ALTER TABLE turn RENAME COLUMN sought TO search_text;
  `);
  sql.define("upgraded_decision", rewriting(upgradedDecision));
  sql.define("upgraded_summary", rewriting(upgradedSummary));
  sql.define("upgraded_turn", rewriting(upgradedTurn));
  sql.script(`
    UPDATE decision SET
      decision_json = upgraded_decision(decision_json), summary_json = upgraded_summary(summary_json);
    UPDATE turn SET turn_json = upgraded_turn(turn_json);
  `);
}

/** Rewrites JSON as text. Anything but a JSON object stays unchanged. */
function rewriting(upgrade: (value: Json) => Json): (text: string) => string {
  return (text) => {
    let value: unknown;
    try {
      value = parseBoundedJson(text);
    } catch {
      return text;
    }
    return isRecord(value) ? JSON.stringify(upgrade(value)) : text;
  };
}

function upgradedDecision(decision: Json): Json {
  const renamed = rename(decision, { passedOver: "skipped" });
  return update(renamed, {
    outcome: upgradedOutcome,
    affinity: (affinity) => rename(affinity, { because: "reason" }),
    features: (features) =>
      update(features, {
        complexity: (complexity) => rename(complexity, { because: "reason" }),
        similarities: (similarities) =>
          update(similarities, { skipped: (skipped) => update(skipped, { failure: upgradedFailure }) }),
      }),
  });
}

/** The outcome of a decision: `stopped` became `blocked`. */
function upgradedOutcome(outcome: Json): Json {
  if (outcome["kind"] !== "stopped") return outcome;
  return { ...withReason(outcome), kind: "blocked" };
}

function upgradedSummary(summary: Json): Json {
  const renamed = rename(summary, { rescues: "handoffs" });
  return update(renamed, {
    ending: (ending) => withLimit(withReason(update(ending, { failure: upgradedFailure }))),
    handoffs: (handoff) => rename(handoff, { by: "to", means: "method" }),
    attempts: (attempt) =>
      update(rename(attempt, { continues: "resumeMethod" }), {
        outcome: (outcome) =>
          outcome["kind"] === "unjoined"
            ? { ...outcome, kind: "not-resumed" }
            : update(outcome, { failure: upgradedFailure }),
      }),
  });
}

function upgradedTurn(turn: Json): Json {
  return update(turn, {
    answer: (answer) =>
      update(rename(answer, { seams: "handoffs" }), {
        decision: upgradedDecision,
        fallbacks: (fallback) => update(fallback, { failure: upgradedFailure }),
        handoffs: (handoff) => rename(handoff, { by: "to" }),
        summary: upgradedSummary,
      }),
  });
}

function upgradedFailure(failure: Json): Json {
  return rename(failure, { words: "message" });
}

/** The ending of an answer that reached the output limit of its request. */
function withLimit(ending: Json): Json {
  return ending["limitedBy"] === "ours" ? { ...ending, limitedBy: "request" } : ending;
}

/** The reason of a blocked decision, and of the answer that was not sent for it. */
function withReason(blocked: Json): Json {
  return update(rename(blocked, { stop: "reason" }), {
    reason: (reason) =>
      reason["kind"] === "nobody-eligible" ? { ...reason, kind: "no-model-available" } : reason,
  });
}

/** Renames fields, and keeps their order. */
function rename(value: Json, names: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [names[name] ?? name, field]));
}

/** Replaces fields that are objects, and the objects in fields that are lists. Other fields are kept. */
function update(value: Json, upgrades: Readonly<Record<string, (field: Json) => Json>>): Json {
  const updated: Record<string, unknown> = { ...value };
  for (const [name, upgrade] of Object.entries(upgrades)) {
    const field = value[name];
    if (Array.isArray(field)) updated[name] = field.map((item) => (isRecord(item) ? upgrade(item) : item));
    else if (isRecord(field)) updated[name] = upgrade(field);
  }
  return updated;
}
