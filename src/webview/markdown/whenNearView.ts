/** Runs work on an element once, when it comes near the visible part: a long conversation opens without delay. */
export function whenNearView(element: Element, work: (element: Element) => void): void {
  if (typeof IntersectionObserver === "undefined") {
    work(element);
    return;
  }
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      work(element);
    },
    { rootMargin: "600px" },
  );
  observer.observe(element);
}
