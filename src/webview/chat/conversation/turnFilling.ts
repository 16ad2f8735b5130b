/**
 * Fills the turns of a long conversation in steps. Until then a turn is two empty articles, which keep its place.
 * Rendering 1,000 turns at once blocks the view for 1.7 s (`npm run bench conversations`).
 */
import type { Signal } from "@preact/signals";
import type { Cancel, Scheduler } from "../../scheduler.ts";

type Fillable = { readonly id: string; readonly isFilled: Signal<boolean> };

/** The last turns of a conversation are filled when it opens: about as many as are visible. */
export const FILLED_AT_ONCE = 5;

/** In each frame this many more: about 13 ms of work, beside what each frame costs in a long conversation. */
const FILLED_IN_FRAME = 8;

/** Turns that are nearer to the visible part than this are filled before the others. */
const NEAR = "800px 0px";

/**
 * Fills the turns, those near the visible part first, then from the last to the first.
 * @param log has the articles of the turns
 * @returns stops it
 */
export function fillTurns(turns: readonly Fillable[], log: HTMLElement, scheduler: Scheduler): Cancel {
  const waiting = new Map(turns.filter(({ isFilled }) => !isFilled.peek()).map((model) => [model.id, model]));
  if (waiting.size === 0) return () => {};
  const fill = (model: Fillable | undefined) => {
    if (model === undefined) return;
    waiting.delete(model.id);
    model.isFilled.value = true;
  };
  const order = [...waiting.keys()];
  let cancel: Cancel = () => {};
  const step = () => {
    for (let left = FILLED_IN_FRAME; left > 0 && order.length > 0; left -= 1)
      fill(waiting.get(order.pop() ?? ""));
    if (waiting.size > 0) cancel = scheduler.nextFrame(step);
  };
  const stopWatching = whenNear(log, (turnId) => fill(waiting.get(turnId)));
  cancel = scheduler.nextFrame(step);
  return () => {
    cancel();
    stopWatching();
  };
}

/** Reports the turns that come near the visible part, and those that are there. */
function whenNear(log: HTMLElement, onNear: (turnId: string) => void): Cancel {
  // jsdom has no layout, and therefore no such observer.
  if (typeof IntersectionObserver === "undefined") return () => {};
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting && target instanceof HTMLElement) onNear(target.dataset["turn"] ?? "");
      }
    },
    { root: log, rootMargin: NEAR },
  );
  for (const answer of log.querySelectorAll("article[data-turn]:empty")) observer.observe(answer);
  return () => observer.disconnect();
}
