import { weightedQuantile } from "../../../base/weightedQuantile.ts";
import type { BreakerState, HealthSubject, Latency, LatencySample, Pause } from "../../../contract/health.ts";
import { CLOSED } from "../../breaker.ts";
import { int, json, optionalJson, type Row, type Sql, text } from "../core/sql.ts";

/** What is stored about a model or provider. */
export type StoredHealth = {
  readonly breaker: BreakerState;
  readonly pause?: Pause | undefined;
  /** Turned off by the user. */
  readonly switchedOff: boolean;
  /** The speed of the last answers, the newest last. */
  readonly samples: readonly StoredSample[];
};

/** `atMs`: when the answer ended. Undefined for answers of older versions, which count as old. */
export type StoredSample = LatencySample & { readonly atMs?: number | undefined };

export const HEALTHY: StoredHealth = { breaker: CLOSED, switchedOff: false, samples: [] };

/** Medians cover this many answers. The last one has 6 % of the weight of the first one. */
const MAX_SAMPLES = 20;

/** An answer counts half after this many more answers, so that five answers show a change of speed. */
const HALF_LIFE_ANSWERS = 5;

/** An answer counts half after this time: the speed of hosted models follows the time of day. */
const HALF_LIFE_MS = 6 * 3_600_000;

/** Reads the health of a model or provider; the health of one without failures if none is stored. */
export function loadHealth(sql: Sql, subject: HealthSubject): StoredHealth {
  const row = sql.get("SELECT * FROM health WHERE subject = ?", subject);
  return row === undefined ? HEALTHY : storedOf(row);
}

/** Stores the health of a model or provider. */
export function saveHealth(
  sql: Sql,
  subject: HealthSubject,
  { breaker, pause, switchedOff, samples }: StoredHealth,
): void {
  sql.run(
    "INSERT OR REPLACE INTO health (subject, breaker, pause, switched_off, samples) VALUES (?, ?, ?, ?, ?)",
    ...[subject, JSON.stringify(breaker), pause === undefined ? null : JSON.stringify(pause)],
    ...[Number(switchedOff), JSON.stringify(samples)],
  );
}

/** All stored subjects, kept in memory until this or another process writes: every request reads them several times. */
export class StoredHealthCache {
  #cached:
    | {
        readonly health: ReadonlyMap<HealthSubject, StoredHealth>;
        readonly sql: Sql;
        readonly version: number;
      }
    | undefined;

  load(sql: Sql): ReadonlyMap<HealthSubject, StoredHealth> {
    // Read before the rows: a commit in between leads to one more read, and is never missed.
    const version = sql.dataVersion();
    if (this.#cached?.sql === sql && this.#cached.version === version) return this.#cached.health;
    const rows = sql.all("SELECT * FROM health");
    const health = new Map(rows.map((row) => [text(row, "subject"), storedOf(row)]));
    this.#cached = { health, sql, version };
    return health;
  }

  /** To be called within each transaction of this process that writes. */
  invalidate(): void {
    this.#cached = undefined;
  }
}

/** Appends newer samples, and keeps the last 20. */
export function withSamples(
  samples: readonly StoredSample[],
  newer: readonly StoredSample[],
): readonly StoredSample[] {
  return [...samples, ...newer].slice(-MAX_SAMPLES);
}

/** Medians, and their weight at the time of the newest answer. */
type Medians = { readonly latency: LatencySample; readonly newestMs: number; readonly weight: number };

const medians = new WeakMap<readonly StoredSample[], Medians>();

/**
 * The medians of a list of samples, and how much they still count; undefined for an empty list. The medians are computed
 * once per list, because time lowers all weights by the same factor.
 */
export function latencyOf(samples: readonly StoredSample[], nowMs: number): Latency | undefined {
  const known = medians.get(samples) ?? mediansOf(samples);
  if (known === undefined) return undefined;
  medians.set(samples, known);
  return {
    ...known.latency,
    weight: known.weight * halved(Math.max(0, nowMs - known.newestMs), HALF_LIFE_MS),
  };
}

function mediansOf(samples: readonly StoredSample[]): Medians | undefined {
  const newestMs = Math.max(...samples.map(({ atMs = 0 }) => atMs));
  const weights = samples.map(
    ({ atMs = 0 }, index) =>
      halved(samples.length - 1 - index, HALF_LIFE_ANSWERS) * halved(newestMs - atMs, HALF_LIFE_MS),
  );
  const median = (figureOf: (sample: StoredSample) => number) =>
    weightedQuantile(
      samples.map((sample, index) => ({ value: figureOf(sample), weight: weights[index] ?? 0 })),
      0.5,
    );
  const firstTokenMs = median((sample) => sample.firstTokenMs);
  const tokensPerSecond = median((sample) => sample.tokensPerSecond);
  if (firstTokenMs === undefined || tokensPerSecond === undefined) return undefined;
  const weight = weights.reduce((sum, each) => sum + each, 0);
  return { latency: { firstTokenMs, tokensPerSecond }, newestMs, weight };
}

function halved(age: number, halfLife: number): number {
  return 2 ** (-age / halfLife);
}

function storedOf(row: Row): StoredHealth {
  return {
    breaker: json<BreakerState>(row, "breaker"),
    pause: optionalJson<Pause>(row, "pause"),
    switchedOff: int(row, "switched_off") === 1,
    samples: json<readonly StoredSample[]>(row, "samples"),
  };
}
