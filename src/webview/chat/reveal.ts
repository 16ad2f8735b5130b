/** Told to the conversation before something in it opens, so that its line stays where it is. */
export const openedEvent = "sy-opened";

/** Brings what a line has opened into view; where that is taller than the view, its beginning. */
export function reveal(line: HTMLElement, panel: HTMLElement): void {
  const log = line.closest(".sy-log");
  if (log === null) return;
  const fits = panel.offsetHeight + line.offsetHeight < log.clientHeight;
  if (fits) panel.scrollIntoView({ block: "nearest" });
  else line.scrollIntoView({ block: "start" });
}
