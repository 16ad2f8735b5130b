import { effect, type ReadonlySignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Painter } from "../markdown/painter.ts";
import { Schedule } from "../markdown/schedule.ts";
import type { Seam } from "../markdown/seams.ts";
import { contentClick } from "./contentClicks.ts";
import { useStore } from "./services.ts";

type MarkdownProps = {
  readonly text: ReadonlySignal<string>;
  readonly whole: boolean;
  readonly seams: readonly Seam[];
};

/** A text as it is being written, with a note where another model went on. Preact owns the frame, the painter what is in it. */
export function Markdown({ text, whole, seams }: MarkdownProps) {
  const store = useStore();
  const frame = useRef<HTMLDivElement>(null);
  const painter = useRef<Painter | null>(null);
  useLayoutEffect(() => {
    if (frame.current === null) return;
    painter.current ??= new Painter(frame.current);
    const paint = () => painter.current?.paint(text.value, whole, seams);
    if (whole) return effect(paint);
    let over = false;
    const schedule = new Schedule(() => {
      if (!over) paint();
    });
    const stop = effect(() => {
      if (text.value !== "" || frame.current?.firstChild) schedule.request();
    });
    return () => {
      over = true;
      stop();
    };
  }, [text, whole, seams]);
  const onClick = (event: MouseEvent) => contentClick(event, store);
  // Clicks are taken from links and code tools, which are reached by the keyboard as what they are.
  // biome-ignore lint/a11y/useKeyWithClickEvents: see above
  // biome-ignore lint/a11y/noStaticElementInteractions: see above
  return <div class="sy-md" ref={frame} onClick={onClick} onAuxClick={onClick} />;
}
