import type { HealthSnapshot } from "../../contract/health.ts";
import type { ModelRef } from "../../contract/model.ts";
import { hasProbe, isOpen, nextTryAtMs } from "../../ledger/breaker.ts";

/** A model or provider that gets no requests for a while. */
export type Paused = {
  /** A model's ref or a provider's id. */
  readonly subject: string;
  /** Undefined while a probe is running, and when the next prompt may be one. */
  readonly nextTryAtMs?: number | undefined;
} & (
  | { readonly why: "failures"; readonly failures: number }
  /** The provider reported it. It is not counted as a failure. */
  | { readonly why: "rate-limit" | "quota"; readonly nextTryAtMs: number }
);

/** A provider that rejected its key. It gets no requests until the key changes. */
export type KeyRejected = { readonly provider: string; readonly name: string };

/** Returns the models and providers whose breaker is not closed, or whose provider asked for a pause. */
export function pausedIn(health: HealthSnapshot, nowMs: number): readonly Paused[] {
  return [...health].flatMap(([subject, { breaker, pause }]): readonly Paused[] => {
    if (breaker.kind !== "closed") {
      const { failures } = breaker;
      const isTried = !isOpen(breaker, nowMs) || hasProbe(breaker, nowMs);
      return [
        {
          subject,
          why: "failures",
          failures,
          nextTryAtMs: isTried ? undefined : nextTryAtMs(breaker, nowMs),
        },
      ];
    }
    return pause?.kind === "until" && pause.untilMs > nowMs
      ? [{ subject, why: pause.reason, nextTryAtMs: pause.untilMs }]
      : [];
  });
}

/**
 * Returns the providers that rejected their key, as long as it is the same key.
 * @param providers by id, with a hash that identifies their key
 */
export function rejectedKeysIn(
  health: HealthSnapshot,
  providers: ReadonlyMap<string, { readonly name: string; readonly fingerprint: string }>,
): readonly KeyRejected[] {
  return [...health].flatMap(([provider, { pause }]): readonly KeyRejected[] => {
    const connection = providers.get(provider);
    return pause?.kind === "unchanged" &&
      pause.reason === "auth" &&
      connection?.fingerprint === pause.fingerprint
      ? [{ provider, name: connection.name }]
      : [];
  });
}

/** Returns when the first pause ends; undefined if none ends by itself. */
export function firstEndOf(paused: readonly Paused[]): number | undefined {
  const ends = paused.flatMap(({ nextTryAtMs: atMs }) => (atMs === undefined ? [] : [atMs]));
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** Returns the models that the user turned off. */
export function switchedOffIn(health: HealthSnapshot): readonly ModelRef[] {
  return [...health].flatMap(([subject, { switchedOff }]) => (switchedOff ? [subject] : []));
}
