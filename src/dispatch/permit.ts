import type { FailureRecord } from "../contract/failure.ts";
import type { AttemptOutcome, Permit as HealthPermit, LatencySample, Pause } from "../contract/health.ts";
import type { ModelRef } from "../contract/model.ts";
import { consequenceOf } from "./failurePolicy.ts";
import type { RequestContext } from "./requestContext.ts";

/**
 * Permission to call a model, from its own breaker and its provider's. Disposing it reports the outcome; until one is
 * recorded the attempt counts as inconclusive, which only gives a breaker's probe back.
 */
export class Permit implements AsyncDisposable {
  readonly #permit: HealthPermit;
  readonly #context: RequestContext;
  #outcome: AttemptOutcome = { kind: "inconclusive" };

  private constructor(permit: HealthPermit, context: RequestContext) {
    this.#permit = permit;
    this.#context = context;
  }

  /** Asks both breakers right before an attempt; undefined where one of them refuses. An explicit choice is not refused. */
  static async acquire(ref: ModelRef, context: RequestContext): Promise<Permit | undefined> {
    const { health, settings, decision } = context;
    const isExplicit = ref === decision.attributes.explicitModel;
    const permit = await health.acquire(ref, settings.breaker, isExplicit);
    return permit === undefined ? undefined : new Permit(permit, context);
  }

  /**
   * The model has begun to answer, so its provider can be reached: a probe of the provider ends here, the model's own
   * with its answer. A promise only where there is something to report.
   */
  alive(): Promise<void> | undefined {
    return this.#permit.providerProbe === undefined ? undefined : this.#context.health.reached(this.#permit);
  }

  /** @param exhaustedUntilMs until when a rate limit is used up, by the response's headers */
  answered(sample: LatencySample | undefined, exhaustedUntilMs: number | undefined): void {
    this.#outcome = { kind: "answered", sample, exhaustedUntilMs };
  }

  failed(failure: FailureRecord): void {
    const { breaker, pause } = consequenceOf(failure);
    this.#outcome = {
      kind: "failed",
      breaker,
      isProviderReached: failure.status !== undefined,
      pause: pause && { subject: pause.subject, pause: this.#pauseOf(pause) },
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#context.health.report(this.#permit, this.#outcome);
  }

  #pauseOf(pause: NonNullable<ReturnType<typeof consequenceOf>["pause"]>): Pause {
    const { clock, fingerprintOf } = this.#context;
    if ("ms" in pause) return { kind: "until", reason: pause.reason, untilMs: clock.now() + pause.ms };
    const fingerprint = fingerprintOf(pause.subject, this.#permit.ref);
    return { kind: "unchanged", reason: pause.reason, fingerprint };
  }
}
