import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openLedger } from "../../src/ledger/sqlite/open.ts";
import { decisionOf, summaryOf } from "../support/ledgers/ledgerRecords.ts";

const PAIRS = 3_000;
const DAY_MS = 86_400_000;
const REFS = ["openai/gpt-6.1-sol", "openai/gpt-6-luna", "anthropic/claude-sonnet-5-5", "ollama/qwen3-coder"];
const BREAKER = { failures: 3, openMs: 10_000, maxOpenMs: 60_000 };
const ROUTES = ["Hard", "Write code", "Everything else"];
/** One of a list of texts by the row number n, as an SQL expression. */
const list = (values: readonly string[]) =>
  `json_extract('${JSON.stringify(values)}', '$[' || (n % ${values.length}) || ']')`;

/**
 * The cost of a reservation with its settlement in ledgers of two sizes and of opening a ledger, next to a baseline in the
 * same run: a plain insert.
 */
export async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-bench-"));
  try {
    print("plain insert in SQLite, one commit each", plainInserts(join(folder, "bare.db")));
    print("reserve + settle, 10 rows", await pairs(join(folder, "small.db"), 10));
    print("reserve + settle, 1,000,000 rows", await pairs(join(folder, "large.db"), 1_000_000));
    print(
      "the same with the decision, its speed and its summary, 10 rows",
      await pairs(join(folder, "all.db"), 10, true),
    );
    const year = join(folder, "year.db");
    await seedYear(year);
    const times: number[] = [];
    for (let round = 0; round < 20; round += 1) times.push(await openingTime(year));
    print(`open after a year of 1,000 decisions a day (${Math.round(statSync(year).size / 1e6)} MB)`, times);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function open(file: string): Promise<Ledger> {
  return openLedger({ file, now: Date.now, randomId: randomUUID });
}

/** Reserves and settles. @param whole also writes everything else that the ledger stores of an answer */
async function pairs(file: string, rows: number, whole = false): Promise<readonly number[]> {
  await (await open(file)).close();
  seedSpend(file, rows);
  const { budget, history, health, close } = await open(file);
  const times: number[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const decisionId = randomUUID();
    const decision = decisionOf(decisionId, Date.now());
    const summary = summaryOf(decisionId, 400, { kind: "complete" });
    const started = performance.now();
    if (whole) await history.saveDecision({ decision });
    const reservation = await budget.reserve({
      ref: REFS[pair % REFS.length] ?? "",
      maximumNanoUsd: 20_000_000,
      minimumNanoUsd: 1_000_000,
      limits: { dailyNanoUsd: 5e12, monthlyNanoUsd: 1e14 },
      soft: false,
    });
    if (reservation.kind === "reserved")
      await budget.settle(reservation.id, { kind: "exact", nanoUsd: 3_000_000 });
    if (whole) {
      const permit = await health.acquire("openai/gpt-6-luna", BREAKER, false);
      if (permit === undefined) throw new Error("The breaker is open.");
      const sample = { firstTokenMs: pair, tokensPerSecond: 100 };
      await health.report(permit, { kind: "answered", sample });
      await history.saveSummary(summary);
    }
    times.push(performance.now() - started);
    // The next answer of a provider arrives in a later turn of the event loop.
    if (whole) await setImmediate();
  }
  await close();
  return times.slice(PAIRS / 10);
}

/** Writes costs of a whole year, the last of them of today. */
function seedSpend(file: string, rows: number): void {
  const db = new DatabaseSync(file);
  db.exec("PRAGMA synchronous = OFF; BEGIN");
  db.prepare(
    `WITH RECURSIVE row(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row WHERE n < ?1), spent AS (
       SELECT n, ?2 - (?1 - n) * (365 * ${DAY_MS}) / ?1 AS ms, ${list(REFS)} AS ref FROM row)
     INSERT INTO spend (id, day, ref, rank, nano)
     SELECT format('%015d-%s', ms, lower(hex(randomblob(16)))), date(ms / 1000, 'unixepoch', 'localtime'), ref,
       2, 3000000 FROM spent`,
  ).run(rows, Date.now());
  db.exec(`
    INSERT INTO total SELECT day, ref, '', sum(nano), count(*), 0 FROM spend GROUP BY day, ref;
    INSERT INTO day_total SELECT day, sum(nano), count(*) FROM spend GROUP BY day;
    COMMIT`);
  db.close();
}

/** Writes 365,000 decisions with their costs, as large as real ones. */
async function seedYear(file: string): Promise<void> {
  await (await open(file)).close();
  seedSpend(file, 365_000);
  const db = new DatabaseSync(file);
  db.exec(`
    PRAGMA synchronous = OFF; BEGIN;
    INSERT INTO decision (id, at_ms, route, command, decision_json, summary_json, output_tokens)
      SELECT id, at_ms, ${list(ROUTES)}, '', printf('{"x":"%.*c"}', 1200, 'd'), printf('{"x":"%.*c"}', 500, 's'), 400
      FROM (SELECT id, CAST(substr(id, 1, 15) AS INTEGER) AS at_ms, row_number() OVER (ORDER BY id) AS n FROM spend);
    COMMIT`);
  db.close();
}

async function openingTime(file: string): Promise<number> {
  const started = performance.now();
  const ledger = await open(file);
  const took = performance.now() - started;
  await ledger.close();
  return took;
}

function plainInserts(file: string): readonly number[] {
  const db = new DatabaseSync(file);
  db.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE bare (id TEXT, nano INTEGER) STRICT",
  );
  const insert = db.prepare("INSERT INTO bare VALUES (?, ?)");
  const times: number[] = [];
  for (let row = 0; row < PAIRS; row += 1) {
    const started = performance.now();
    insert.run(randomUUID(), row);
    times.push(performance.now() - started);
  }
  db.close();
  return times;
}

function print(name: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(3);
  console.log(`${name}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`);
}

if (import.meta.main) await bench();
