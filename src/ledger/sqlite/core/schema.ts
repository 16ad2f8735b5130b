import { ForeignFile, UnusableLedger } from "./errors.ts";
import { APPLICATION_ID } from "./foreignFile.ts";
import { int, type Sql } from "./sql.ts";
import { upgradeFrom010 } from "./upgradeFrom010.ts";

/**
 * The schema, one step per version. Released steps are never edited: a change is a new step at the end. The first five
 * are version 0.1.0's.
 *
 * - `spend.rank`: 0 an estimate for a dead process, 1 an estimate or "unknown", 2 exact. A higher rank replaces a lower.
 * - `trial` repeats what experiments need of a decision and its summary, so that they need not parse JSON.
 * - `decision.ref` and `characters` repeat what estimates of lengths need, as `output_tokens` does.
 * - `route` is empty for what was spent before version 8.
 * - `turn.parent`, `variant_of` and `chosen`: see `TurnPlace`. The index finds the last chosen one without reading texts.
 * - `conversation_total.day` is the last day of a conversation's spend.
 * - `total` sums `spend` by day, model and route. `day_total` sums `total`, so that a reservation reads one row per day; its
 *   `changes` only grows, so that every change of `spend` can be noticed.
 * - `answered_by_other` sums the cost of calls of a model that another one answered: `total` has it under the other one.
 * - The index `turn_cost` sums what conversations cost without reading their texts: the list does, and again at each change.
 * - `conversation_clock` counts the changes of all conversations and their turns. `conversation.change` is its count at the
 *   last change of that conversation. Triggers set both, so that no write can be missed.
 * - `conversation.last_ending` repeats how the answer of the last turn ended; null until it has.
 * - `checked_edit` repeats what counting the checks of edits needs: a row for each edit that was checked, and that the user
 *   judged.
 * - `answering` has a row for each answer that a process is writing. `stop` is 1 once another process asks it to stop.
 */
const STEPS: readonly (string | ((sql: Sql) => void))[] = [
  `
  CREATE TABLE lease (id TEXT PRIMARY KEY, renewed_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE reservation (
    id TEXT PRIMARY KEY, lease TEXT NOT NULL, day TEXT NOT NULL, ref TEXT NOT NULL, route TEXT NOT NULL,
    decision_id TEXT NOT NULL, held_nano INTEGER NOT NULL, so_far_nano INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE spend (
    id TEXT PRIMARY KEY, day TEXT NOT NULL, ref TEXT NOT NULL, route TEXT NOT NULL, decision_id TEXT NOT NULL,
    rank INTEGER NOT NULL, nano INTEGER, usage TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE total (
    day TEXT NOT NULL, ref TEXT NOT NULL, route TEXT NOT NULL,
    nano INTEGER NOT NULL, attempts INTEGER NOT NULL, unknown INTEGER NOT NULL,
    PRIMARY KEY (day, ref, route)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE day_total (day TEXT PRIMARY KEY, nano INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE health (
    subject TEXT PRIMARY KEY, breaker TEXT NOT NULL, block TEXT, switched_off INTEGER NOT NULL, samples TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE decision (
    id TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, route TEXT NOT NULL, command TEXT NOT NULL, decided TEXT NOT NULL,
    settings_hash TEXT NOT NULL, prompt_text TEXT, summary TEXT, output_tokens INTEGER
  ) STRICT;
  CREATE INDEX decision_at ON decision (at_ms);
  CREATE INDEX decision_output ON decision (route, command, at_ms, output_tokens) WHERE output_tokens IS NOT NULL;
  CREATE TABLE attempt (
    decision_id TEXT NOT NULL, number INTEGER NOT NULL, at_ms INTEGER NOT NULL, ref TEXT NOT NULL,
    took_ms REAL NOT NULL, first_token_ms REAL, failure TEXT, cost TEXT NOT NULL, nano INTEGER,
    PRIMARY KEY (decision_id, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE outcome (
    decision_id TEXT NOT NULL, kind TEXT NOT NULL, score REAL NOT NULL, PRIMARY KEY (decision_id, kind)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE conversation (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
    is_private INTEGER NOT NULL, removed INTEGER NOT NULL DEFAULT 0, sought TEXT NOT NULL
  ) STRICT;
  CREATE INDEX conversation_updated ON conversation (updated_ms);
  CREATE TABLE turn (
    conversation_id TEXT NOT NULL, id TEXT NOT NULL, at_ms INTEGER NOT NULL, body TEXT NOT NULL, sought TEXT NOT NULL,
    answered INTEGER NOT NULL, cost TEXT, nano INTEGER,
    PRIMARY KEY (conversation_id, id)
  ) STRICT;
  `,
  `
  CREATE TABLE trial (
    decision_id TEXT PRIMARY KEY, experiment TEXT NOT NULL, arm TEXT NOT NULL, unit TEXT NOT NULL,
    at_ms INTEGER NOT NULL, ending TEXT, nano INTEGER, took_ms REAL, fallbacks INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX trial_unit ON trial (
    experiment, unit, at_ms, decision_id, arm, ending, nano, took_ms, fallbacks
  );
  `,
  `
  CREATE TABLE embedding (
    embedder TEXT NOT NULL, text TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (embedder, text)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE circumstance (hash TEXT PRIMARY KEY, seldom TEXT NOT NULL) STRICT;
  CREATE TABLE moment (
    decision_id TEXT PRIMARY KEY, hash TEXT NOT NULL, moment TEXT NOT NULL
  ) STRICT;
  CREATE INDEX moment_hash ON moment (hash);
  `,
  "CREATE TABLE overrun (ref TEXT PRIMARY KEY, permille INTEGER NOT NULL, day TEXT NOT NULL) STRICT, WITHOUT ROWID",
  "ALTER TABLE day_total ADD COLUMN bookings INTEGER NOT NULL DEFAULT 0",
  upgradeFrom010,
  "ALTER TABLE conversation ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0",
  `
  ALTER TABLE reservation ADD COLUMN route TEXT NOT NULL DEFAULT '';
  ALTER TABLE spend ADD COLUMN route TEXT NOT NULL DEFAULT '';
  ALTER TABLE total RENAME TO old_total;
  CREATE TABLE total (
    day TEXT NOT NULL, ref TEXT NOT NULL, route TEXT NOT NULL,
    nano INTEGER NOT NULL, attempts INTEGER NOT NULL, unknown INTEGER NOT NULL,
    PRIMARY KEY (day, ref, route)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO total SELECT day, ref, '', nano, attempts, unknown FROM old_total;
  DROP TABLE old_total;
  `,
  `
  ALTER TABLE decision ADD COLUMN ref TEXT;
  ALTER TABLE decision ADD COLUMN characters INTEGER;
  DROP INDEX decision_output;
  CREATE INDEX decision_output ON decision (route, command, at_ms, output_tokens, ref, characters)
    WHERE output_tokens IS NOT NULL;
  UPDATE decision SET ref = summary_json ->> '$.modelUsed' WHERE output_tokens IS NOT NULL;
  `,
  "ALTER TABLE conversation ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0",
  `
  ALTER TABLE turn ADD COLUMN parent TEXT;
  ALTER TABLE turn ADD COLUMN variant_of TEXT;
  ALTER TABLE turn ADD COLUMN chosen INTEGER NOT NULL DEFAULT 0;
  UPDATE turn SET parent = place.parent, chosen = place.number FROM (
    SELECT rowid AS row, lag(id) OVER earlier AS parent, row_number() OVER earlier AS number
    FROM turn WINDOW earlier AS (PARTITION BY conversation_id ORDER BY at_ms, rowid)
  ) AS place WHERE turn.rowid = place.row;
  CREATE INDEX turn_chosen ON turn (conversation_id, chosen, id);
  `,
  `
  CREATE TABLE answering (
    conversation_id TEXT PRIMARY KEY, turn_id TEXT NOT NULL, lease TEXT NOT NULL, host TEXT NOT NULL,
    pid INTEGER NOT NULL, stop INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  ALTER TABLE conversation ADD COLUMN unread INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE conversation ADD COLUMN last_ending TEXT;
  UPDATE conversation SET last_ending = (
    SELECT iif(json_valid(turn_json), turn_json ->> '$.answer.summary.ending.kind', 'complete') FROM turn
    WHERE conversation_id = conversation.id ORDER BY chosen DESC LIMIT 1
  );

  CREATE TABLE conversation_clock (change INTEGER NOT NULL) STRICT;
  INSERT INTO conversation_clock VALUES (0);
  ALTER TABLE conversation ADD COLUMN change INTEGER NOT NULL DEFAULT 0;
  CREATE TRIGGER conversation_added AFTER INSERT ON conversation BEGIN
    UPDATE conversation_clock SET change = change + 1;
    UPDATE conversation SET change = (SELECT change FROM conversation_clock) WHERE id = NEW.id;
  END;
  CREATE TRIGGER conversation_updated AFTER UPDATE ON conversation WHEN NEW.change = OLD.change BEGIN
    UPDATE conversation_clock SET change = change + 1;
    UPDATE conversation SET change = (SELECT change FROM conversation_clock) WHERE id = NEW.id;
  END;
  CREATE TRIGGER conversation_deleted AFTER DELETE ON conversation BEGIN
    UPDATE conversation_clock SET change = change + 1;
  END;
  ${[
    ["turn_added", "INSERT ON turn", "NEW"],
    ["turn_updated", "UPDATE ON turn", "NEW"],
    ["turn_deleted", "DELETE ON turn", "OLD"],
    ["answering_added", "INSERT ON answering", "NEW"],
    ["answering_updated", "UPDATE ON answering", "NEW"],
    ["answering_deleted", "DELETE ON answering", "OLD"],
  ]
    .map(
      ([name, event, row]) =>
        `CREATE TRIGGER ${name} AFTER ${event} BEGIN
           UPDATE conversation SET updated_ms = updated_ms WHERE id = ${row}.conversation_id;
         END;`,
    )
    .join("\n")}
  `,
  "ALTER TABLE conversation ADD COLUMN picked_model TEXT; ALTER TABLE conversation ADD COLUMN effort TEXT",
  `
  ALTER TABLE reservation ADD COLUMN conversation TEXT NOT NULL DEFAULT '';
  ALTER TABLE spend ADD COLUMN conversation TEXT NOT NULL DEFAULT '';
  CREATE TABLE conversation_total (
    conversation TEXT PRIMARY KEY, day TEXT NOT NULL, nano INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  ${[
    ["decision", "decision_json"],
    ["decision", "summary_json"],
    ["turn", "turn_json"],
  ]
    .flatMap(([table, column]) => [
      `UPDATE ${table} SET ${column} = replace(${column}, '"period":"day"', '"limit":{"kind":"day"}')
         WHERE ${column} LIKE '%"period":"day"%';`,
      `UPDATE ${table} SET ${column} = replace(${column}, '"period":"month"', '"limit":{"kind":"month"}')
         WHERE ${column} LIKE '%"period":"month"%';`,
    ])
    .join("\n")}
  `,
  "CREATE INDEX turn_cost ON turn (conversation_id, answered, nano, cost)",
  `
  CREATE TABLE answered_by_other (
    day TEXT NOT NULL, ref TEXT NOT NULL, nano INTEGER NOT NULL, PRIMARY KEY (day, ref)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE checked_edit (
    decision_id TEXT PRIMARY KEY, route TEXT NOT NULL, language TEXT NOT NULL, passed INTEGER NOT NULL,
    kept INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX checked_edit_of_route ON checked_edit (route, language, kept, passed);
  `,
];

/** The version that this program writes. */
const SCHEMA_VERSION = STEPS.length;

/** The tables that budget and health depend on. They stay small, so they are checked whenever the file is opened. */
const CHECKED = [
  "lease",
  "reservation",
  "day_total",
  "total",
  "conversation_total",
  "answered_by_other",
  "health",
] as const;

/**
 * Brings the file to the current version, in one transaction: if the process dies meanwhile, the file is unchanged.
 * @param file in messages
 * @throws UnusableLedger for a file that is damaged or from a newer version, and ForeignFile
 */
export function migrate(sql: Sql, file: string): void {
  if (versionOf(sql) < SCHEMA_VERSION) sql.transact(() => runSteps(sql, file));
  for (const table of CHECKED) {
    const result = Object.values(sql.get(`PRAGMA quick_check(${table})`) ?? {})[0];
    if (result !== "ok") throw new UnusableLedger("damaged", String(result));
  }
}

function runSteps(sql: Sql, file: string): void {
  // Read again within the transaction: another process may just have run them.
  const version = versionOf(sql);
  if (version === 0 && sql.get("SELECT 1 FROM sqlite_schema LIMIT 1") !== undefined) {
    throw new ForeignFile(file, "a database of another program");
  }
  if (version === SCHEMA_VERSION) return;
  for (const step of STEPS.slice(version)) {
    if (typeof step === "string") sql.script(step);
    else step(sql);
  }
  sql.script(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
}

function versionOf(sql: Sql): number {
  const row = sql.get("PRAGMA user_version");
  const version = row === undefined ? 0 : int(row, "user_version");
  if (version < 0 || version > SCHEMA_VERSION) {
    throw new UnusableLedger(
      "newer",
      `its format is ${version}, and this version supports up to ${SCHEMA_VERSION}`,
    );
  }
  return version;
}
