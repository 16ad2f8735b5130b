import type { BreakerState, HealthSubject, Pause } from "../../contract/health.ts";
import { CLOSED } from "../breaker.ts";
import type { Sample } from "../latency.ts";
import { int, json, optionalJson, type Row, text } from "./rows.ts";
import type { Sql } from "./sql.ts";

/** What is written down of a subject. */
export type Kept = {
  readonly breaker: BreakerState;
  readonly block?: Pause | undefined;
  readonly switchedOff: boolean;
  readonly samples: readonly Sample[];
};

/** More models than anybody asks. */
const MOST_PARSED = 100;

export const NOTHING_KNOWN: Kept = { breaker: CLOSED, switchedOff: false, samples: [] };

/** What is known of a subject. */
export function loadHealth(sql: Sql, subject: HealthSubject): Kept {
  const row = sql.get("SELECT * FROM health WHERE subject = ?", subject);
  return row === undefined ? NOTHING_KNOWN : keptOf(row);
}

/** What is known of all subjects that anything is known of. */
export function loadAllHealth(sql: Sql): ReadonlyMap<HealthSubject, Kept> {
  return new Map(sql.all("SELECT * FROM health").map((row) => [text(row, "subject"), keptOf(row)]));
}

export function saveHealth(
  sql: Sql,
  subject: HealthSubject,
  { breaker, block, switchedOff, samples }: Kept,
): void {
  sql.run(
    "INSERT OR REPLACE INTO health (subject, breaker, block, switched_off, samples) VALUES (?, ?, ?, ?, ?)",
    ...[subject, JSON.stringify(breaker), block === undefined ? null : JSON.stringify(block)],
    ...[Number(switchedOff), JSON.stringify(samples)],
  );
}

function keptOf(row: Row): Kept {
  return {
    breaker: json<BreakerState>(row, "breaker"),
    block: optionalJson<Pause>(row, "block"),
    switchedOff: int(row, "switched_off") === 1,
    samples: samplesOf(row),
  };
}

const parsedSamples = new Map<string, readonly Sample[]>();

/** Every request reads them several times, and few of them change: the last ones are kept as they were parsed. */
function samplesOf(row: Row): readonly Sample[] {
  const written = text(row, "samples");
  const known = parsedSamples.get(written);
  if (known !== undefined) return known;
  if (parsedSamples.size >= MOST_PARSED) parsedSamples.clear();
  const samples = json<readonly Sample[]>(row, "samples");
  parsedSamples.set(written, samples);
  return samples;
}
