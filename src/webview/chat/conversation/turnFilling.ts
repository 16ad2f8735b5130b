/**
 * Fills the turns of a long conversation in steps. Until then a turn is two empty articles, which keep its place.
 * Rendering 1,000 turns at once blocks the view for 1.7 s (`npm run bench conversations`).
 */
import { effect, type ReadonlySignal, type Signal } from "@preact/signals";
import { type GrowingText, lengthOf } from "../../markdown/growingText.ts";
import type { Cancel, Scheduler } from "../../scheduler.ts";

type Fillable = { readonly id: string; readonly isFilled: Signal<boolean> };

/** The last turns with so many characters are filled when a conversation opens: about as many as are visible. */
const FILLED_AT_ONCE = 4000;
/** What a turn takes beside its text, as so many characters. */
const TURN_LENGTH = 300;

/**
 * So many turns are in one element, which is not laid out while it is far outside the view: what a frame costs does not grow
 * with the conversation.
 */
const GROUP_TURNS = 10;

/** Turns are filled for so long in a frame or in a pause. */
const SLICE_MS = 8;
/** The same while a search waits for all of them. */
const URGENT_SLICE_MS = 40;

/** Groups that are nearer to the visible part than this are filled before the others. */
const NEAR = "800px 0px";

/** The place of the first turn that is filled when a conversation opens. */
export function firstFilled(turns: readonly { readonly text: GrowingText }[]): number {
  let first = turns.length;
  for (let length = 0; first > 0 && length < FILLED_AT_ONCE; first--) {
    const turn = turns[first - 1];
    length += TURN_LENGTH + (turn ? lengthOf(turn.text) : 0);
  }
  return first;
}

/** The turns in groups, in order. */
export function groupTurns<T>(turns: readonly T[]): readonly (readonly T[])[] {
  const groups: T[][] = [];
  for (let start = 0; start < turns.length; start += GROUP_TURNS) {
    groups.push(turns.slice(start, start + GROUP_TURNS));
  }
  return groups;
}

/**
 * Fills the turns: those near the visible part in the next frames, the others in pauses, from the last to the first.
 * @param log has the groups, and in them the articles of the turns
 * @param isUrgent whether something waits for all turns
 * @returns stops it
 */
export function fillTurns(
  turns: readonly Fillable[],
  log: HTMLElement,
  isUrgent: ReadonlySignal<boolean>,
  scheduler: Scheduler,
): Cancel {
  const waiting = new Map(turns.filter(({ isFilled }) => !isFilled.peek()).map((model) => [model.id, model]));
  if (waiting.size === 0) return () => {};
  let near: string[] = [];
  const far = [...waiting.keys()];
  let cancel: Cancel = () => {};
  const fillNext = () => {
    const id = near.pop() ?? far.pop() ?? "";
    const model = waiting.get(id);
    waiting.delete(id);
    if (model !== undefined) model.isFilled.value = true;
  };
  const fillUntil = (endMs: number) => {
    fillNext();
    // A filled turn is rendered in a microtask before this one: the time contains it.
    queueMicrotask(() => {
      if (isStopped) return;
      if (waiting.size > 0 && scheduler.elapsedMs() < endMs) fillUntil(endMs);
      else schedule();
    });
  };
  const step = () => fillUntil(scheduler.elapsedMs() + (isUrgent.peek() ? URGENT_SLICE_MS : SLICE_MS));
  const schedule = () => {
    cancel();
    if (waiting.size === 0) return;
    cancel = near.length > 0 || isUrgent.peek() ? scheduler.nextFrame(step) : scheduler.whenIdle(step);
  };
  let isStopped = false;
  const stopWatching = whenNear(log, (turnIds) => {
    near = [...near, ...turnIds];
    schedule();
  });
  const stopUrgent = effect(() => {
    void isUrgent.value;
    schedule();
  });
  return () => {
    isStopped = true;
    cancel();
    stopUrgent();
    stopWatching();
  };
}

/** Reports the turns of the groups that come near the visible part, and of those that are there. */
function whenNear(log: HTMLElement, onNear: (turnIds: readonly string[]) => void): Cancel {
  // jsdom has no layout, and therefore no such observer.
  if (typeof IntersectionObserver === "undefined") return () => {};
  const emptyAnswers = "article[data-turn]:empty";
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        const answers = [...target.querySelectorAll<HTMLElement>(emptyAnswers)];
        onNear(answers.flatMap(({ dataset }) => dataset["turn"] ?? []));
      }
    },
    { root: log, rootMargin: NEAR },
  );
  for (const group of log.querySelectorAll(".sy-turns")) {
    if (group.querySelector(emptyAnswers) !== null) observer.observe(group);
  }
  return () => observer.disconnect();
}
