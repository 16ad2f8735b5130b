import { UnusableLedger } from "./errors.ts";
import { int } from "./rows.ts";
import type { Sql } from "./sql.ts";

/**
 * How the ledger came to its present shape, one step a version. Steps are never edited once released: a change is a new
 * step at the end.
 *
 * `spend.rank`: 0 an orphan's estimate, 1 its owner's estimate or "unknown", 2 exact; a higher one replaces a lower one.
 * `trial` repeats of a decision and its summary what experiments count, so that they are read without their JSON.
 * `day_total` is the sum of `total`, so that a reservation reads one row a day and not one a model and route; its
 * `bookings` only ever grow, which tells that something was booked.
 */
const STEPS: readonly string[] = [
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
];

/** The version that this program writes. */
const SCHEMA_VERSION = STEPS.length;

/** The tables that money and health hang on: small whatever the ledger's size, so they are checked at every opening. */
const CHECKED = ["lease", "reservation", "day_total", "total", "health"] as const;

/**
 * Brings the file to the present version.
 * @throws UnusableLedger for a file that is damaged, from a newer version, or somebody else's database
 */
export function migrate(sql: Sql): void {
  if (versionOf(sql) < SCHEMA_VERSION) sql.transact(takeSteps);
  for (const table of CHECKED) {
    const found = Object.values(sql.get(`PRAGMA quick_check(${table})`) ?? {})[0];
    if (found !== "ok") throw new UnusableLedger("damaged", String(found));
  }
}

/** Within the transaction, since another process may have taken them just now. */
function takeSteps(sql: Sql): void {
  const version = versionOf(sql);
  if (version === 0 && sql.get("SELECT 1 FROM sqlite_schema LIMIT 1") !== undefined) {
    throw new UnusableLedger("damaged", "it is a database of another program");
  }
  if (version === SCHEMA_VERSION) return;
  for (const step of STEPS.slice(version)) sql.script(step);
  sql.script(`PRAGMA user_version = ${SCHEMA_VERSION}`);
}

function versionOf(sql: Sql): number {
  const row = sql.get("PRAGMA user_version");
  const version = row === undefined ? 0 : int(row, "user_version");
  if (version < 0 || version > SCHEMA_VERSION) {
    throw new UnusableLedger("newer", `its format is ${version}, and this version knows ${SCHEMA_VERSION}`);
  }
  return version;
}
