import { isDeepStrictEqual } from "node:util";
import type {
  AttemptOutcome,
  BreakerOptions,
  Health,
  HealthSnapshot,
  HealthSubject,
  Permit,
  SubjectHealth,
} from "../../../contract/health.ts";
import { type ModelRef, splitRef } from "../../../contract/model.ts";
import { admit, CLOSED, onRenewed } from "../../breaker.ts";
import type { Changes } from "../core/changes.ts";
import type { Database } from "../core/database.ts";
import { isTemporary } from "../core/errors.ts";
import type { Sql } from "../core/sql.ts";
import type { WriteBehindQueue } from "../core/writeBehindQueue.ts";
import {
  HEALTHY,
  latencyOf,
  loadHealth,
  type StoredHealth,
  StoredHealthCache,
  type StoredSample,
  saveHealth,
  withSamples,
} from "./storedHealth.ts";
import { modelAfter, providerAfter, withSuccess } from "./transitions.ts";

export type HealthParts = {
  readonly database: Database;
  readonly changes: Changes;
  readonly queue: WriteBehindQueue;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly randomId: () => string;
};

/** No answer takes longer than this. A probe that is still unreported after it was lost within this process. */
const MAX_PROBE_MS = 15 * 60_000;

type Transition = (stored: StoredHealth) => StoredHealth;

type UnwrittenSamples = {
  readonly samples: readonly StoredSample[];
  /** What is stored, together with the samples: kept, because every decision reads it. */
  merged?: { readonly from: StoredHealth; readonly health: StoredHealth } | undefined;
};

/**
 * The health of models and providers, one row each. A transition is one transaction, for a model and its provider
 * together. The success of a healthy model changes nothing, and so writes nothing but its latency, in the background.
 */
export class SqliteHealth implements Health {
  readonly #parts: HealthParts;
  /** The probes of this process that have not been reported, by id. */
  readonly #probes = new Map<string, { readonly subject: HealthSubject; readonly sinceMs: number }>();
  readonly #stored = new StoredHealthCache();
  /** Latency samples that are not written yet. */
  readonly #unwritten = new Map<HealthSubject, UnwrittenSamples>();

  constructor(parts: HealthParts) {
    this.#parts = parts;
  }

  async snapshot(): Promise<HealthSnapshot> {
    const { database, now } = this.#parts;
    const stored = await database.read((sql) => this.#stored.load(sql));
    const nowMs = now();
    const snapshot = new Map<HealthSubject, SubjectHealth>();
    for (const [subject, health] of stored) {
      snapshot.set(subject, healthOf(this.#withUnwritten(subject, health), nowMs));
    }
    for (const subject of this.#unwritten.keys()) {
      if (!stored.has(subject)) snapshot.set(subject, healthOf(this.#withUnwritten(subject, HEALTHY), nowMs));
    }
    return snapshot;
  }

  async acquire(ref: ModelRef, options: BreakerOptions, force: boolean): Promise<Permit | undefined> {
    const { database, changes, now, randomId } = this.#parts;
    const { provider } = splitRef(ref);
    const stored = await database.read((sql) => this.#stored.load(sql));
    if (isClosed(stored.get(provider)) && isClosed(stored.get(ref))) return { ref, options };
    const nowMs = now();
    const probeIds = [randomId(), randomId()] as const;
    const { permit, changed } = await database.write((sql) => {
      const ofProvider = loadHealth(sql, provider);
      const byProvider = admit(ofProvider.breaker, nowMs, options, probeIds[0], force);
      const nextProvider = { ...ofProvider, breaker: byProvider.state };
      if (byProvider.admission.kind === "paused") {
        return { changed: this.#saveIfChanged(sql, provider, ofProvider, nextProvider) };
      }
      const ofModel = loadHealth(sql, ref);
      const byModel = admit(ofModel.breaker, nowMs, options, probeIds[1], force);
      let changed = this.#saveIfChanged(sql, ref, ofModel, { ...ofModel, breaker: byModel.state });
      if (byModel.admission.kind === "paused") return { changed };
      if (this.#saveIfChanged(sql, provider, ofProvider, nextProvider)) changed = true;
      const permit: Permit = {
        ref,
        options,
        modelProbe: byModel.admission.kind === "probe" ? byModel.admission.probe : undefined,
        providerProbe: byProvider.admission.kind === "probe" ? byProvider.admission.probe : undefined,
      };
      return { permit, changed };
    });
    if (permit?.providerProbe !== undefined)
      this.#probes.set(permit.providerProbe, { subject: provider, sinceMs: nowMs });
    if (permit?.modelProbe !== undefined)
      this.#probes.set(permit.modelProbe, { subject: ref, sinceMs: nowMs });
    if (changed) changes.own("health");
    return permit;
  }

  async reached({ ref, providerProbe }: Permit): Promise<void> {
    if (providerProbe === undefined) return;
    this.#probes.delete(providerProbe);
    await this.#record([[splitRef(ref).provider, (stored) => withSuccess(stored, providerProbe)]]);
  }

  async report(permit: Permit, outcome: AttemptOutcome): Promise<void> {
    const { ref, modelProbe, providerProbe } = permit;
    // Deleted before the outcome is written: if writing fails, the probe is no longer renewed, and expires.
    if (modelProbe !== undefined) this.#probes.delete(modelProbe);
    if (providerProbe !== undefined) this.#probes.delete(providerProbe);
    const nowMs = this.#parts.now();
    await this.#record([
      [ref, (stored) => modelAfter(stored, permit, outcome, nowMs)],
      [splitRef(ref).provider, (stored) => providerAfter(stored, permit, outcome, nowMs)],
    ]);
    if (outcome.kind === "answered" && outcome.sample !== undefined)
      this.#addSample(ref, { ...outcome.sample, atMs: nowMs });
  }

  async reset(subject: HealthSubject): Promise<void> {
    await this.#change([[subject, (stored) => ({ ...stored, breaker: CLOSED, pause: undefined })]]);
  }

  async setSwitchedOff(ref: ModelRef, off: boolean): Promise<void> {
    await this.#change([[ref, (stored) => ({ ...stored, switchedOff: off })]]);
  }

  onDidChange(listener: () => void): () => void {
    return this.#parts.changes.on("health", listener);
  }

  /** Renews the probes of this process. To be called every few seconds. */
  async renewProbes(): Promise<void> {
    const nowMs = this.#parts.now();
    for (const [probe, { subject, sinceMs }] of this.#probes) {
      if (nowMs - sinceMs > MAX_PROBE_MS) this.#probes.delete(probe);
      else {
        await this.#change([
          [subject, (stored) => ({ ...stored, breaker: onRenewed(stored.breaker, probe, nowMs) })],
        ]);
      }
    }
  }

  /**
   * Samples are written in the background, those of one subject together. One that arrives during that write may be lost;
   * only the next latency estimate depends on it.
   */
  #addSample(subject: HealthSubject, sample: StoredSample): void {
    const unwritten = this.#unwritten.get(subject);
    this.#unwritten.set(subject, { samples: withSamples(unwritten?.samples ?? [], [sample]) });
    if (unwritten !== undefined) return;
    this.#parts.queue.add(
      (sql) => this.#save(sql, subject, this.#withUnwritten(subject, loadHealth(sql, subject))),
      () => this.#unwritten.delete(subject),
    );
  }

  #withUnwritten(subject: HealthSubject, stored: StoredHealth): StoredHealth {
    const unwritten = this.#unwritten.get(subject);
    if (unwritten === undefined) return stored;
    if (unwritten.merged?.from === stored) return unwritten.merged.health;
    const health = { ...stored, samples: withSamples(stored.samples, unwritten.samples) };
    unwritten.merged = { from: stored, health };
    return health;
  }

  /** Records what an attempt showed. An answer does not fail because this cannot be written at the moment. */
  async #record(transitions: readonly (readonly [HealthSubject, Transition])[]): Promise<void> {
    try {
      await this.#change(transitions);
    } catch (error) {
      if (!isTemporary(error)) throw error;
    }
  }

  /** Applies the transitions that change anything, in one transaction. */
  async #change(transitions: readonly (readonly [HealthSubject, Transition])[]): Promise<void> {
    const { database, changes } = this.#parts;
    const known = await database.read((sql) => this.#stored.load(sql));
    const effective = transitions.filter(([subject, to]) => {
      const stored = known.get(subject) ?? HEALTHY;
      return !isSame(stored, to(stored));
    });
    if (effective.length === 0) return;
    const changed = await database.write((sql) =>
      effective
        .map(([subject, to]) => {
          const stored = loadHealth(sql, subject);
          return this.#saveIfChanged(sql, subject, stored, to(stored));
        })
        .includes(true),
    );
    if (changed) changes.own("health");
  }

  #saveIfChanged(sql: Sql, subject: HealthSubject, before: StoredHealth, after: StoredHealth): boolean {
    if (isSame(before, after)) return false;
    this.#save(sql, subject, after);
    return true;
  }

  #save(sql: Sql, subject: HealthSubject, stored: StoredHealth): void {
    saveHealth(sql, subject, stored);
    this.#stored.invalidate();
  }
}

function isClosed(stored: StoredHealth | undefined): boolean {
  return stored === undefined || stored.breaker.kind === "closed";
}

/** Pauses that are over are left out. */
function healthOf({ breaker, pause, switchedOff, samples }: StoredHealth, nowMs: number): SubjectHealth {
  const isOver = pause?.kind === "until" && pause.untilMs <= nowMs;
  const latency = latencyOf(samples, nowMs);
  return {
    breaker,
    switchedOff,
    pause: isOver ? undefined : pause,
    latency,
  };
}

/** Compares without the samples, which no transition changes. */
function isSame(a: StoredHealth, b: StoredHealth): boolean {
  return (
    a === b ||
    (a.switchedOff === b.switchedOff &&
      isDeepStrictEqual(a.breaker, b.breaker) &&
      isDeepStrictEqual(a.pause, b.pause))
  );
}
