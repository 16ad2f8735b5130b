import type {
  Admission,
  BreakerOptions,
  Health,
  HealthSnapshot,
  HealthSubject,
  Pause,
  SubjectHealth,
} from "../../contract/health.ts";
import type { ModelRef } from "../../contract/model.ts";
import { admit, CLOSED, onFailure, onReleased, onRenewed, onSuccess } from "../breaker.ts";
import type { Changes } from "../changes.ts";
import { latencyOf, type Sample, withSamples } from "../latency.ts";
import type { Database } from "./database.ts";
import { mayPass } from "./errors.ts";
import { type Kept, loadAllHealth, loadHealth, NOTHING_KNOWN, saveHealth } from "./healthRows.ts";
import type { LaterWrites } from "./laterWrites.ts";
import { Remembered } from "./remembered.ts";
import type { Sql } from "./sql.ts";

export type HealthParts = {
  readonly database: Database;
  readonly changes: Changes;
  readonly later: LaterWrites;
  readonly now: () => number;
  readonly randomId: () => string;
};

/** No answer takes longer: a probe that is not heard of by then has been lost in this process. */
const LONGEST_PROBE_MS = 15 * 60_000;

/** The health of models and providers, one row a subject; every transition is a transaction. */
export class SqliteHealth implements Health {
  readonly #parts: HealthParts;
  /** The probes of this process that are on their way, by id. */
  readonly #probes = new Map<string, { readonly subject: HealthSubject; readonly sinceMs: number }>();
  /** Every request asks several times, and hardly ever is anything new. */
  readonly #known = new Remembered(loadAllHealth);
  /** How fast the last answers were, until that is written. */
  readonly #samples = new Map<HealthSubject, readonly Sample[]>();

  constructor(parts: HealthParts) {
    this.#parts = parts;
  }

  async snapshot(): Promise<HealthSnapshot> {
    const { database, now } = this.#parts;
    const known = await database.read((sql) => this.#known.in(sql));
    const nowMs = now();
    const subjects = new Set([...this.#samples.keys(), ...known.keys()]);
    return new Map(
      [...subjects].map((subject) => {
        const kept = this.#withUnwritten(subject, known.get(subject) ?? NOTHING_KNOWN);
        return [subject, healthOf(kept, nowMs)] as const;
      }),
    );
  }

  async acquire(subject: HealthSubject, options: BreakerOptions, force: boolean): Promise<Admission> {
    const { now, randomId } = this.#parts;
    // A closed breaker, nearly always: nothing to write.
    const seen = await this.#seen(subject);
    if (seen.breaker.kind === "closed") return { kind: "go" };
    const nowMs = now();
    const probeId = randomId();
    const admission = await this.#transition(subject, (kept) => {
      const { state, admission } = admit(kept.breaker, nowMs, options, probeId, force);
      return [{ ...kept, breaker: state }, admission];
    });
    if (admission.kind === "probe") this.#probes.set(probeId, { subject, sinceMs: nowMs });
    return admission;
  }

  /** It answered: its key, its address and its credit are good. A rate limit may hold all the same. */
  async succeeded(subject: HealthSubject, sample?: Sample, probe?: string): Promise<void> {
    this.#forgetProbe(probe);
    await this.#learn(subject, (kept) => ({
      ...kept,
      breaker: onSuccess(kept.breaker, probe),
      block: kept.block?.reason === "rate-limit" ? kept.block : undefined,
    }));
    if (sample !== undefined) this.#sample(subject, sample);
  }

  /**
   * How fast answers were is written a moment later, those of a moment together. One that comes while that is written may
   * be lost: only the next estimate hangs on it.
   */
  #sample(subject: HealthSubject, sample: Sample): void {
    const unwritten = this.#samples.get(subject);
    this.#samples.set(subject, withSamples(unwritten ?? [], [sample]));
    if (unwritten !== undefined) return;
    this.#parts.later.add(
      (sql) => this.#save(sql, subject, this.#withUnwritten(subject, loadHealth(sql, subject))),
      () => this.#samples.delete(subject),
    );
  }

  #withUnwritten(subject: HealthSubject, kept: Kept): Kept {
    const unwritten = this.#samples.get(subject) ?? [];
    return unwritten.length === 0 ? kept : { ...kept, samples: withSamples(kept.samples, unwritten) };
  }

  async reached(subject: HealthSubject, probe?: string): Promise<void> {
    this.#forgetProbe(probe);
    await this.#learn(subject, (kept) => ({ ...kept, breaker: onSuccess(kept.breaker, probe) }));
  }

  async failed(subject: HealthSubject, options: BreakerOptions, probe?: string): Promise<void> {
    const nowMs = this.#parts.now();
    this.#forgetProbe(probe);
    await this.#learn(subject, (kept) => ({
      ...kept,
      breaker: onFailure(kept.breaker, nowMs, options, probe),
    }));
  }

  async released(subject: HealthSubject, probe: string): Promise<void> {
    const nowMs = this.#parts.now();
    this.#forgetProbe(probe);
    await this.#learn(subject, (kept) => ({ ...kept, breaker: onReleased(kept.breaker, probe, nowMs) }));
  }

  /** The last one holds; but a shorter pause does not cut a longer one of its kind. */
  async pause(subject: HealthSubject, block: Pause): Promise<void> {
    await this.#learn(subject, (kept) => ({ ...kept, block: laterOf(kept.block, block) }));
  }

  async reset(subject: HealthSubject): Promise<void> {
    await this.#change(subject, (kept) => ({ ...kept, breaker: CLOSED, block: undefined }));
  }

  async setSwitchedOff(ref: ModelRef, off: boolean): Promise<void> {
    await this.#change(ref, (kept) => ({ ...kept, switchedOff: off }));
  }

  onDidChange(listener: () => void): () => void {
    return this.#parts.changes.on("health", listener);
  }

  /** Says that this process lives and waits for its probes still; to be called while it does, every few seconds. */
  async renewProbes(): Promise<void> {
    const nowMs = this.#parts.now();
    for (const [probe, { subject, sinceMs }] of this.#probes) {
      if (nowMs - sinceMs > LONGEST_PROBE_MS) this.#probes.delete(probe);
      else
        await this.#change(subject, (kept) => ({ ...kept, breaker: onRenewed(kept.breaker, probe, nowMs) }));
    }
  }

  /** Before its end is written: where that fails, the others give it up in time. */
  #forgetProbe(probe: string | undefined): void {
    if (probe !== undefined) this.#probes.delete(probe);
  }

  /** What came of an attempt. No answer fails because that cannot be written down just now. */
  async #learn(subject: HealthSubject, to: (kept: Kept) => Kept): Promise<void> {
    try {
      await this.#change(subject, to);
    } catch (error) {
      if (!mayPass(error)) throw error;
    }
  }

  async #change(subject: HealthSubject, to: (kept: Kept) => Kept): Promise<void> {
    // Most news is none, e.g. that a healthy provider answered.
    const seen = await this.#seen(subject);
    if (isSame(seen, to(seen))) return;
    await this.#transition(subject, (kept) => [to(kept), undefined]);
  }

  async #seen(subject: HealthSubject): Promise<Kept> {
    const known = await this.#parts.database.read((sql) => this.#known.in(sql));
    return known.get(subject) ?? NOTHING_KNOWN;
  }

  #save(sql: Sql, subject: HealthSubject, kept: Kept): void {
    saveHealth(sql, subject, kept);
    this.#known.forget();
  }

  async #transition<T>(
    subject: HealthSubject,
    to: (kept: Kept) => readonly [next: Kept, result: T],
  ): Promise<T> {
    const { database, changes } = this.#parts;
    const { result, changed } = await database.write((sql) => {
      const kept = loadHealth(sql, subject);
      const [next, result] = to(kept);
      const changed = !isSame(kept, next);
      if (changed) {
        this.#save(sql, subject, next);
      }
      return { result, changed };
    });
    if (changed) changes.own("health");
    return result;
  }
}

/** A pause that is over is not reported. */
function healthOf({ breaker, block, switchedOff, samples }: Kept, nowMs: number): SubjectHealth {
  const holds = block !== undefined && !(block.kind === "until" && block.untilMs <= nowMs);
  const latency = latencyOf(samples);
  return {
    breaker,
    switchedOff,
    ...(holds ? { pause: block } : {}),
    ...(latency === undefined ? {} : { latency }),
  };
}

function laterOf(before: Pause | undefined, next: Pause): Pause {
  const sameKind = before?.kind === "until" && next.kind === "until" && before.reason === next.reason;
  return sameKind && before.untilMs > next.untilMs ? before : next;
}

/** Samples are written by themselves: no transition changes them. */
function isSame(a: Kept, b: Kept): boolean {
  return (
    a.switchedOff === b.switchedOff &&
    a.samples === b.samples &&
    JSON.stringify([a.breaker, a.block]) === JSON.stringify([b.breaker, b.block])
  );
}
