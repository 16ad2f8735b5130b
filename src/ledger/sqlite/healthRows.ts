import type { BreakerState, HealthSubject, LatencySample, Pause } from "../../contract/health.ts";
import { CLOSED } from "../breaker.ts";
import { int, json, optionalJson, type Row, text } from "./rows.ts";
import type { Sql } from "./sql.ts";

/** What is stored about a model or provider. */
export type StoredHealth = {
  readonly breaker: BreakerState;
  readonly pause?: Pause | undefined;
  readonly switchedOff: boolean;
  /** The last answers, the newest last. */
  readonly samples: readonly LatencySample[];
};

export const HEALTHY: StoredHealth = { breaker: CLOSED, switchedOff: false, samples: [] };

export function loadHealth(sql: Sql, subject: HealthSubject): StoredHealth {
  const row = sql.get("SELECT * FROM health WHERE subject = ?", subject);
  return row === undefined ? HEALTHY : storedOf(row);
}

/** Every stored subject. */
export function loadAllHealth(sql: Sql): ReadonlyMap<HealthSubject, StoredHealth> {
  return new Map(sql.all("SELECT * FROM health").map((row) => [text(row, "subject"), storedOf(row)]));
}

export function saveHealth(
  sql: Sql,
  subject: HealthSubject,
  { breaker, pause, switchedOff, samples }: StoredHealth,
): void {
  sql.run(
    "INSERT OR REPLACE INTO health (subject, breaker, block, switched_off, samples) VALUES (?, ?, ?, ?, ?)",
    ...[subject, JSON.stringify(breaker), pause === undefined ? null : JSON.stringify(pause)],
    ...[Number(switchedOff), JSON.stringify(samples)],
  );
}

function storedOf(row: Row): StoredHealth {
  return {
    breaker: json<BreakerState>(row, "breaker"),
    pause: optionalJson<Pause>(row, "block"),
    switchedOff: int(row, "switched_off") === 1,
    samples: json<readonly LatencySample[]>(row, "samples"),
  };
}
