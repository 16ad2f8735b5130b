import { setImmediate as nextTurn } from "node:timers/promises";
import type { Decision } from "../../contract/decision.ts";
import type { EngineRequest } from "../../engine/request.ts";

/** A prompt that is decided to see where it would go. */
export type Trial = {
  readonly request: EngineRequest;
  /** How it was decided when it was asked; left out where it never was. */
  readonly was?: Decision;
};

export type Tried = Trial & { readonly decision: Decision };

/** Deciding waits for nothing, so the editor is let in between: after so many milliseconds. */
const SLICE_MS = 12;

/** Decides one prompt after the other until the signal is aborted; what was decided until then is given back. */
export async function tryEach(
  trials: readonly Trial[],
  decide: (request: EngineRequest) => Promise<Decision>,
  signal: AbortSignal,
  onDone: (count: number) => void,
): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  let sliceMs = performance.now();
  for (const trial of trials) {
    if (signal.aborted) break;
    tried.push({ ...trial, decision: await decide(trial.request) });
    if (performance.now() - sliceMs < SLICE_MS) continue;
    onDone(tried.length);
    await nextTurn();
    sliceMs = performance.now();
  }
  return tried;
}
