/**
 * Work on elements that come near the visible part. Those in a group of earlier turns are observed only once the group is
 * near: 1,000 turns have thousands, which cost a quarter of the browser's time for observers in each frame of scrolling
 * (`npm run bench conversations`).
 */
type Work = (element: Element) => void;

/** So near, in pixels, an element is when its work is done, and a group of turns when its elements are observed. */
const NEAR_PX = 600;
const NEAR_GROUP_PX = 1200;

const waiting = new WeakMap<Element, readonly Work[]>();
/** One for all elements: each observer has a cost of its own in every frame. */
let elements: IntersectionObserver | undefined;
/** The elements that wait in groups, which are observed in their place. */
const inGroups = new WeakMap<Element, readonly Element[]>();
let groups: IntersectionObserver | undefined;

/** Runs work on an element once, when it comes near the visible part: a long conversation opens without delay. */
export function whenNearView(element: Element, work: Work): void {
  if (typeof IntersectionObserver === "undefined") {
    work(element);
    return;
  }
  const works = waiting.get(element);
  waiting.set(element, [...(works ?? []), work]);
  if (works !== undefined) return;
  const group = element.closest(".sy-turns--earlier");
  if (group === null) observe(element);
  else {
    groups ??= observerOf(NEAR_GROUP_PX, (near) => {
      for (const each of inGroups.get(near) ?? []) observe(each);
      inGroups.delete(near);
    });
    inGroups.set(group, [...(inGroups.get(group) ?? []), element]);
    groups.observe(group);
  }
}

function observe(element: Element): void {
  elements ??= observerOf(NEAR_PX, (near) => {
    const works = waiting.get(near) ?? [];
    waiting.delete(near);
    for (const work of works) work(near);
  });
  elements.observe(element);
}

/** Reports each observed element once. */
function observerOf(marginPx: number, onNear: (element: Element) => void): IntersectionObserver {
  return new IntersectionObserver(
    (entries, observer) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        onNear(target);
      }
    },
    { rootMargin: `${marginPx}px` },
  );
}
