import type { FailureRecord } from "../../../../src/contract/failure.ts";
import type { Fault } from "../../../../src/simulator/faults.ts";
import { ERROR_BODIES, type ErrorBody } from "../../../support/providers/errorBodies.ts";
import type { Charge, HealthState } from "../expectations.ts";
import type { ModelFault } from "../faultyChain.ts";
import type { Kind } from "../testChain.ts";

/** Milliseconds, or a range of them: an HTTP date has no milliseconds. */
export type Wait = number | readonly [from: number, to: number];

/** A row of the failure table: how a request fails before any text is shown, and what follows. */
export type FailureRow = {
  readonly name: string;
  readonly fault: (kind: Kind) => ModelFault;
  /** The same model is retried after each of these waits, while a model after it can answer. */
  readonly retryWaits: readonly Wait[];
  /** The waits of the last model of the chain, if they differ. */
  readonly lastRetryWaits?: readonly Wait[];
  /** Whether the chain's next model is asked. */
  readonly next: "asked" | "not asked";
  readonly model: HealthState;
  readonly provider: HealthState;
  /** The failure that the answer reports. */
  readonly failure: Partial<FailureRecord>;
  /** What a failed attempt costs. */
  readonly charge: Charge;
  /** The state of the last model of the chain, if it differs. */
  readonly lastModel?: HealthState;
  /** How long the model or the provider is paused. */
  readonly pausedMs?: number;
  /** The input limits of the models of the chain, in tokens. */
  readonly inputLimits?: readonly number[];
};

export const HEALTHY = { model: "healthy", provider: "healthy" } as const;
export const MODEL_FAILED = { model: "failed", provider: "healthy" } as const;
/** The longest backoff. The tests set the jitter to 1. */
export const BACKOFF_MS = 500;

export const fault = (fault: Fault) => (): ModelFault => ({ kind: "fault", fault });

export const status = (status: number, headers: Readonly<Record<string, string>> = {}) =>
  fault({ kind: "status", status, headers });

/** The error body that each kind of provider sends. */
export const bodies =
  (
    names: Readonly<Record<Kind, keyof typeof ERROR_BODIES>>,
    headers: Readonly<Record<string, string>> = {},
  ) =>
  (kind: Kind): ModelFault => {
    const { status, body }: ErrorBody = ERROR_BODIES[names[kind]];
    return {
      kind: "fault",
      fault: { kind: "status", status, body, headers: { "content-type": "application/json", ...headers } },
    };
  };

/** An error body that all kinds of provider send alike. */
export const error = (status: number, error: Readonly<Record<string, unknown>>) =>
  fault({
    kind: "status",
    status,
    body: JSON.stringify({ error }),
    headers: { "content-type": "application/json" },
  });
