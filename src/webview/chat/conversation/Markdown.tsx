import { effect, type ReadonlySignal } from "@preact/signals";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { type GrowingText, lengthOf } from "../../markdown/growingText.ts";
import type { HandoffNote } from "../../markdown/handoffNotes.ts";
import { Painter } from "../../markdown/painter.ts";
import { PaintScheduler } from "../../markdown/paintScheduler.ts";
import { useStore } from "../state/store.ts";
import { handleAnswerClick } from "./links/answerClicks.ts";

type MarkdownProps = {
  readonly text: ReadonlySignal<GrowingText>;
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
    painter.current ??= new Painter(container.current, id, (block) => store.fileLinks.add(block));
    const paint = () => painter.current?.paint(text.value, isComplete, notes);
    if (isComplete) return effect(paint);
    const paints = new PaintScheduler(store.scheduler, paint);
    const stop = effect(() => {
      if (lengthOf(text.value) > 0 || container.current?.firstChild) paints.request();
    });
    return () => {
      stop();
      paints.cancel();
    };
  }, [text, isComplete, notes]);
  const onClick = (event: MouseEvent) => handleAnswerClick(event, store);
  // Only links and buttons handle clicks, and both are reachable by keyboard.
  // biome-ignore lint/a11y/useKeyWithClickEvents: see above
  // biome-ignore lint/a11y/noStaticElementInteractions: see above
  return <div class="sy-md" ref={container} onClick={onClick} onAuxClick={onClick} />;
}
