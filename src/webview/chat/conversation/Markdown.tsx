import { effect, type ReadonlySignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import type { HandoffNote } from "../../markdown/handoffNotes.ts";
import { Painter } from "../../markdown/painter.ts";
import { PaintScheduler } from "../../markdown/paintScheduler.ts";
import { type Store, useStore } from "../state/store.ts";

/** How long the copy button shows that it has copied. */
const COPIED_MS = 1500;

type MarkdownProps = {
  readonly text: ReadonlySignal<string>;
  readonly isComplete: boolean;
  readonly notes: readonly HandoffNote[];
};

/** The text of an answer while it grows, with its handoff notes. Preact owns the element, the painter its content. */
export function Markdown({ text, isComplete, notes }: MarkdownProps) {
  const store = useStore();
  const container = useRef<HTMLDivElement>(null);
  const painter = useRef<Painter | null>(null);
  const id = useId();
  useLayoutEffect(() => {
    if (container.current === null) return;
    painter.current ??= new Painter(container.current, id);
    const paint = () => painter.current?.paint(text.value, isComplete, notes);
    if (isComplete) return effect(paint);
    const paints = new PaintScheduler(store.scheduler, paint);
    const stop = effect(() => {
      if (text.value !== "" || container.current?.firstChild) paints.request();
    });
    return () => {
      stop();
      paints.cancel();
    };
  }, [text, isComplete, notes]);
  const onClick = (event: MouseEvent) => handleClick(event, store);
  // Only links and buttons handle clicks, and both are reachable by keyboard.
  // biome-ignore lint/a11y/useKeyWithClickEvents: see above
  // biome-ignore lint/a11y/noStaticElementInteractions: see above
  return <div class="sy-md" ref={container} onClick={onClick} onAuxClick={onClick} />;
}

/** Follows a link within the answer, also with the focus: the next Tab continues there. */
function goTo(id: string, link: Element): void {
  const target = link.closest(".sy-md")?.querySelector<HTMLElement>(`[id="${CSS.escape(id)}"]`);
  if (!target) return;
  if (target.localName !== "a") target.tabIndex = -1;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest" });
}

/** Handles a click inside an answer. Links are opened by the editor, after VS Code has asked the user. */
function handleClick(event: MouseEvent, store: Store): void {
  const target = event.target instanceof Element ? event.target : null;
  const link = target?.closest("a");
  if (link) {
    // VS Code's own listener on the page would open the link a second time.
    event.preventDefault();
    event.stopPropagation();
    const href = link.getAttribute("href") ?? "";
    if (href.startsWith("#")) goTo(href.slice(1), link);
    else store.post({ type: "openLink", href: link.href });
    return;
  }
  const button = target?.closest("button");
  const action = button?.dataset["act"];
  const text = button?.closest("figure")?.querySelector("code")?.textContent ?? "";
  if (action === "insert") store.post({ type: "insert", text });
  if (action !== "copy") return;
  store.post({ type: "copy", text });
  store.announcement.value = l10n.t("Copied");
  const icon = button?.querySelector(".codicon");
  icon?.classList.replace("codicon-copy", "codicon-check");
  store.scheduler.after(COPIED_MS, () => icon?.classList.replace("codicon-check", "codicon-copy"));
}
