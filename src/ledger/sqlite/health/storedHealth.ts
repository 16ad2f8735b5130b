import { median } from "../../../base/median.ts";
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
  readonly samples: readonly LatencySample[];
};

export const HEALTHY: StoredHealth = { breaker: CLOSED, switchedOff: false, samples: [] };

/** Medians cover this many answers: enough to be steady, few enough to follow a change within an afternoon. */
const MAX_SAMPLES = 20;

export function loadHealth(sql: Sql, subject: HealthSubject): StoredHealth {
  const row = sql.get("SELECT * FROM health WHERE subject = ?", subject);
  return row === undefined ? HEALTHY : storedOf(row);
}

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
  samples: readonly LatencySample[],
  newer: readonly LatencySample[],
): readonly LatencySample[] {
  return [...samples, ...newer].slice(-MAX_SAMPLES);
}

const latencies = new WeakMap<readonly LatencySample[], Latency>();

/** The medians of a list of samples, computed once per list; undefined for an empty one. */
export function latencyOf(samples: readonly LatencySample[]): Latency | undefined {
  const known = latencies.get(samples);
  if (known !== undefined) return known;
  const firstTokenMs = median(samples.map((sample) => sample.firstTokenMs));
  const tokensPerSecond = median(samples.map((sample) => sample.tokensPerSecond));
  if (firstTokenMs === undefined || tokensPerSecond === undefined) return undefined;
  const latency = { firstTokenMs, tokensPerSecond };
  latencies.set(samples, latency);
  return latency;
}

function storedOf(row: Row): StoredHealth {
  return {
    breaker: json<BreakerState>(row, "breaker"),
    pause: optionalJson<Pause>(row, "pause"),
    switchedOff: int(row, "switched_off") === 1,
    samples: json<readonly LatencySample[]>(row, "samples"),
  };
}
