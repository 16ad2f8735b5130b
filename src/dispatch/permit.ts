import type { FailureRecord } from "../contract/failure.ts";
import type { AttemptOutcome, Permit as HealthPermit, LatencySample, Pause } from "../contract/health.ts";
import type { ModelRef } from "../contract/model.ts";
import { consequenceOf } from "./failurePolicy.ts";
import type { RequestContext } from "./requestContext.ts";

/**
 * Permission to call a model, from its own breaker and its provider's. Disposing it reports the recorded outcome. Without
 * one the attempt is inconclusive, and a breaker's probe becomes due again. If the ledger cannot store the outcome, the
 * error is reported, and the answer does not fail.
 */
export class Permit implements AsyncDisposable {
  readonly #permit: HealthPermit;
  readonly #context: RequestContext;
  #outcome: AttemptOutcome = { kind: "inconclusive" };
  #isPostponed = false;

  private constructor(permit: HealthPermit, context: RequestContext) {
    this.#permit = permit;
    this.#context = context;
  }

  /** Acquires permission right before an attempt; undefined if a breaker is open. An explicit choice passes open breakers. */
  static async acquire(ref: ModelRef, context: RequestContext): Promise<Permit | undefined> {
    const { health, settings, decision } = context;
    const isExplicit = ref === decision.attributes.explicitModel;
    const permit = await health.acquire(ref, settings.breaker, isExplicit);
    return permit === undefined ? undefined : new Permit(permit, context);
  }

  /**
   * Reports that the model has begun to answer, which ends a probe of its provider; a probe of the model ends with the
   * answer. Returns undefined if there is nothing to report.
   */
  alive(): Promise<void> | undefined {
    return this.#permit.providerProbe === undefined ? undefined : this.#context.health.reached(this.#permit);
  }

  /** @param exhaustedUntilMs until when the response's headers report a rate limit as used up */
  answered(sample: LatencySample | undefined, exhaustedUntilMs: number | undefined): void {
    this.#outcome = { kind: "answered", sample, exhaustedUntilMs };
  }

  /** @param isCounted the breaker has counted a failure of this request already */
  failed(failure: FailureRecord, isCounted: boolean): void {
    const { breaker, pause } = consequenceOf(failure);
    this.#outcome = {
      kind: "failed",
      breaker: isCounted ? "none" : breaker,
      isProviderReached: failure.status !== undefined,
      pause: pause && { subject: pause.subject, pause: this.#pauseOf(pause) },
    };
  }

  /** Reports the outcome after the end of the answer, instead of when this is disposed of. */
  reportAfterAnswer(): void {
    this.#isPostponed = true;
    this.#context.progress.afterAnswer.push(() => this.#report());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isPostponed) await this.#report();
  }

  async #report(): Promise<void> {
    const { health, reportError } = this.#context;
    try {
      await health.report(this.#permit, this.#outcome);
    } catch (error) {
      reportError(error);
    }
  }

  #pauseOf(pause: NonNullable<ReturnType<typeof consequenceOf>["pause"]>): Pause {
    const { clock, fingerprintOf } = this.#context;
    if ("ms" in pause) return { kind: "until", reason: pause.reason, untilMs: clock.now() + pause.ms };
    const fingerprint = fingerprintOf(pause.subject, this.#permit.ref);
    return { kind: "unchanged", reason: pause.reason, fingerprint };
  }
}
