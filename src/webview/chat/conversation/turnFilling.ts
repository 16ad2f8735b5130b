/**
 * Fills the turns of a long conversation in steps: loads those of which the view has only the outline, and renders them.
 * Until then a group of turns is an empty element, which keeps their place. Rendering 1,000 turns at once blocks the view
 * for 1.7 s (`npm run bench conversations`).
 */
import { computed, effect, type ReadonlySignal, type Signal } from "@preact/signals";
import { type GrowingText, lengthOf } from "../../markdown/growingText.ts";
import type { Cancel, Scheduler } from "../../scheduler.ts";

type Fillable = {
  readonly id: string;
  readonly turn: ReadonlySignal<{ readonly isOutline?: boolean | undefined }>;
  readonly isFilled: Signal<boolean>;
};

/** The last turns with so many characters are filled when a conversation opens: about as many as are visible. */
const FILLED_AT_ONCE = 4000;
/** What a turn takes beside its text, as so many characters. */
const TURN_LENGTH = 300;

/**
 * So many turns are in one element, which is not laid out while it is far outside the view: what a frame costs does not grow
 * with the conversation.
 */
export const GROUP_TURNS = 10;

/** So many turns are loaded with one message. */
const LOADED_TOGETHER = 50;

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

/** Turns that are laid out together. */
export type TurnGroup<T> = {
  readonly turns: readonly T[];
  /** Whether any of them is filled. Until then the group is empty. */
  readonly isShown: ReadonlySignal<boolean>;
};

/** The turns in groups, in order. Groups fill up from the first turn on: a number always stands for the same place. */
export function groupTurns<T extends Fillable>(all: readonly T[]): readonly TurnGroup<T>[] {
  const groups: TurnGroup<T>[] = [];
  for (let start = 0; start < all.length; start += GROUP_TURNS) {
    const turns = all.slice(start, start + GROUP_TURNS);
    groups.push({ turns, isShown: computed(() => turns.some(({ isFilled }) => isFilled.value)) });
  }
  return groups;
}

/**
 * Fills the turns: those near the visible part in the next frames, the others in pauses, from the last to the first.
 * @param log has the groups
 * @param isUrgent whether something waits for all turns
 * @param load asks the editor for turns of which the view has only the outline
 * @returns stops it
 */
export function fillTurns(
  turns: readonly Fillable[],
  log: HTMLElement,
  isUrgent: ReadonlySignal<boolean>,
  scheduler: Scheduler,
  load: (turnIds: readonly string[]) => void,
): Cancel {
  const waiting = new Set(turns.filter(({ isFilled }) => !isFilled.peek()));
  if (waiting.size === 0) return () => {};
  const far = [...waiting];
  let near: Fillable[] = [];
  const asked = new Set<Fillable>();
  let cancel: Cancel = () => {};
  let stopWaiting: Cancel = () => {};
  const next = () => {
    for (const list of [near, far]) {
      for (let model = list.at(-1); model !== undefined; model = list.at(-1)) {
        if (waiting.has(model)) return model;
        list.pop();
      }
    }
    return undefined;
  };
  const waitFor = (model: Fillable) => {
    if (!asked.has(model)) {
      const missing = [...far, ...near].filter(
        (each) => waiting.has(each) && !asked.has(each) && isOutline(each),
      );
      const loaded = [...new Set(missing.reverse())].slice(0, LOADED_TOGETHER);
      for (const each of loaded) asked.add(each);
      load(loaded.map(({ id }) => id));
    }
    stopWaiting();
    stopWaiting = effect(() => {
      if (model.turn.value.isOutline !== true) schedule();
    });
  };
  const fillUntil = (endMs: number) => {
    const model = next();
    if (model === undefined) return;
    if (isOutline(model)) {
      waitFor(model);
      return;
    }
    waiting.delete(model);
    model.isFilled.value = true;
    // A filled turn is rendered in a microtask before this one: the time contains it.
    queueMicrotask(() => {
      if (isStopped) return;
      if (scheduler.elapsedMs() < endMs) fillUntil(endMs);
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
  const stopWatching = whenNear(log, (group) => {
    const first = group * GROUP_TURNS;
    near = [...near, ...turns.slice(first, first + GROUP_TURNS)];
    schedule();
  });
  const stopUrgent = effect(() => {
    void isUrgent.value;
    schedule();
  });
  return () => {
    isStopped = true;
    cancel();
    stopWaiting();
    stopUrgent();
    stopWatching();
  };
}

function isOutline({ turn }: Fillable): boolean {
  return turn.peek().isOutline === true;
}

/** Reports the groups that come near the visible part, and those that are there, by their numbers. */
function whenNear(log: HTMLElement, onNear: (group: number) => void): Cancel {
  // jsdom has no layout, and therefore no such observer.
  if (typeof IntersectionObserver === "undefined") return () => {};
  const groups = [...log.querySelectorAll(".sy-turns")];
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        onNear(groups.indexOf(target));
      }
    },
    { root: log, rootMargin: NEAR },
  );
  for (const group of groups) observer.observe(group);
  return () => observer.disconnect();
}
