type Work = (element: Element) => void;

const waiting = new WeakMap<Element, readonly Work[]>();
/** One for all elements: each observer has a cost of its own in every frame. */
let observer: IntersectionObserver | undefined;

/** Runs work on an element once, when it comes near the visible part: a long conversation opens without delay. */
export function whenNearView(element: Element, work: Work): void {
  if (typeof IntersectionObserver === "undefined") {
    work(element);
    return;
  }
  observer ??= new IntersectionObserver(runWork, { rootMargin: "600px" });
  waiting.set(element, [...(waiting.get(element) ?? []), work]);
  observer.observe(element);
}

function runWork(entries: readonly IntersectionObserverEntry[], from: IntersectionObserver): void {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    from.unobserve(target);
    const works = waiting.get(target) ?? [];
    waiting.delete(target);
    for (const work of works) work(target);
  }
}
