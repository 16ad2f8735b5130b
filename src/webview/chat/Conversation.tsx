import { type Signal, useSignalEffect } from "@preact/signals";
import { t } from "@vscode/l10n";
import { useLayoutEffect, useRef } from "preact/hooks";
import { FollowTail } from "./followTail.ts";
import { Queued } from "./Queued.tsx";
import { openedEvent } from "./reveal.ts";
import { useStore } from "./services.ts";
import { Turn } from "./Turn.tsx";

type ConversationProps = {
  /** Whether text has come below what is seen. */
  readonly newBelow: Signal<boolean>;
  /** Counts up when the end should be shown. */
  readonly toEnd: Signal<number>;
};

/** The turns, oldest first; the end stays in view while it is followed. */
export function Conversation({ newBelow, toEnd }: ConversationProps) {
  const store = useStore();
  const log = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const tail = useRef<FollowTail | null>(null);
  const turns = store.turns.value;
  const { conversation, busyTurnId } = store.shell.value;
  const id = conversation?.id;
  const lastId = turns.at(-1)?.id;

  useLayoutEffect(() => {
    if (log.current === null || content.current === null) return;
    let timer: number | undefined;
    const follow = new FollowTail(log.current, content.current, (state) => {
      newBelow.value = state.newBelow && store.shell.peek().busyTurnId !== null;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => store.keepReading(state.following ? undefined : follow.top), 300);
    });
    tail.current = follow;
    const scroller = log.current;
    const stay = () => follow.stay();
    scroller.addEventListener(openedEvent, stay);
    const reading = id === undefined ? undefined : store.readingOf(id);
    if (reading === undefined) follow.toEnd();
    else follow.toReading(reading);
    return () => {
      window.clearTimeout(timer);
      newBelow.value = false;
      scroller.removeEventListener(openedEvent, stay);
      follow.dispose();
    };
  }, [id]);

  // What one has just sent is shown.
  useLayoutEffect(() => {
    if (lastId !== undefined && lastId === store.shell.peek().busyTurnId) tail.current?.toEnd();
  }, [lastId]);
  useSignalEffect(() => {
    if (toEnd.value > 0) tail.current?.toEnd();
  });

  return (
    <div
      ref={log}
      class="sy-log"
      role="log"
      aria-live="off"
      aria-label={t("Conversation")}
      aria-busy={busyTurnId !== null}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
      tabIndex={0}
    >
      <div ref={content}>
        {turns.map((model, index) => (
          <Turn
            key={model.id}
            model={model}
            isBusy={model.id === busyTurnId}
            isLast={index === turns.length - 1}
          />
        ))}
        <Queued />
      </div>
    </div>
  );
}
