import { effect, type Signal, useSignalEffect } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import { Fragment } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Cancel } from "../../scheduler.ts";
import { type TurnModel, useStore } from "../state/store.ts";
import { LeftOutNote } from "./EarlierTurns.tsx";
import { QueuedPrompts } from "./prompt/QueuedPrompts.tsx";
import { expandEvent, ScrollFollower } from "./scrolling.ts";
import { Turn } from "./Turn.tsx";
import { fillTurns, groupTurns, type TurnGroup } from "./turnFilling.ts";
import { answerHeightPx, promptHeightPx } from "./turnHeights.ts";

/** The reading position is saved this long after it has changed. */
const SAVE_AFTER_MS = 300;

type ConversationProps = {
  /** Whether there is new text below the visible part. */
  readonly hasNewBelow: Signal<boolean>;
  /** Increases each time the end should be shown. */
  readonly scrollRequests: Signal<number>;
};

/** The turns, oldest first. The view follows the end until the user scrolls up. */
export function Conversation({ hasNewBelow, scrollRequests }: ConversationProps) {
  const store = useStore();
  const log = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const follower = useRef<ScrollFollower | null>(null);
  const turns = store.turns.value;
  const { conversation, busyTurnId } = store.shell.value;
  const id = conversation?.id;
  const lastId = turns.at(-1)?.id;
  const groups = useMemo(() => groupTurns(turns), [turns]);
  const leftOut = conversation?.leftOut ?? 0;

  useLayoutEffect(() => {
    if (log.current === null || content.current === null) return;
    let isFollowing = true;
    let cancelSave: Cancel | undefined;
    const save = () => {
      cancelSave?.();
      cancelSave = undefined;
      if (id !== undefined) store.saveReadingPosition(id, isFollowing ? undefined : follow.position);
    };
    const follow = new ScrollFollower(
      log.current,
      content.current,
      store.scheduler,
      ({ following, newBelow }) => {
        hasNewBelow.value = newBelow && store.shell.peek().busyTurnId !== null;
        isFollowing = following;
        // Not at a pause: while an answer is written, the view scrolls all the time.
        cancelSave ??= store.scheduler.after(SAVE_AFTER_MS, save);
      },
    );
    follower.current = follow;
    const scroller = log.current;
    const stopFollowing = () => follow.stopFollowing();
    scroller.addEventListener(expandEvent, stopFollowing);
    const position = id === undefined ? undefined : store.readingPositionOf(id);
    if (position === undefined) follow.scrollToEnd();
    else follow.restorePosition(position);
    return () => {
      if (cancelSave !== undefined) save();
      hasNewBelow.value = false;
      scroller.removeEventListener(expandEvent, stopFollowing);
      follow.dispose();
    };
  }, [id]);

  useLayoutEffect(() => {
    if (log.current === null || id === undefined) return undefined;
    return fillTurns(turns, log.current, store.find.isOpen, store.scheduler, (turnIds) =>
      store.post({ type: "loadTurns", conversationId: id, turnIds: [...turnIds] }),
    );
  }, [turns]);

  // Shows the prompt that the user has just sent.
  const before = useRef({ id, lastId });
  useLayoutEffect(() => {
    const isNew = before.current.id === id && before.current.lastId !== lastId;
    const { busyTurnId: busyId, isElsewhere } = store.shell.peek();
    if (isNew && lastId === busyId && !isElsewhere) follower.current?.scrollToEnd();
    before.current = { id, lastId };
  }, [id, lastId]);
  useSignalEffect(() => {
    if (scrollRequests.value > 0) follower.current?.scrollToEnd();
  });

  return (
    <div
      ref={log}
      class="sy-log"
      role="log"
      aria-live="off"
      aria-label={l10n.t("Conversation")}
      aria-busy={busyTurnId !== null}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
      tabIndex={0}
    >
      <div ref={content}>
        {groups.map((group, number) => (
          <Turns
            key={number}
            group={group}
            isEarlier={number < groups.length - 1}
            busyTurnId={busyTurnId}
            lastId={lastId}
            leftOut={leftOut}
            lastLeftOut={turns[leftOut - 1]}
          />
        ))}
        <QueuedPrompts />
      </div>
    </div>
  );
}

type TurnsProps = {
  readonly group: TurnGroup<TurnModel>;
  readonly isEarlier: boolean;
  readonly busyTurnId: string | null;
  readonly lastId: string | undefined;
  readonly leftOut: number;
  readonly lastLeftOut: TurnModel | undefined;
};

/** Turns that are laid out together. */
function Turns({ group, isEarlier, busyTurnId, lastId, leftOut, lastLeftOut }: TurnsProps) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(
    () =>
      effect(() => {
        if (element.current === null || !isEarlier || !group.turns.every(({ isFilled }) => isFilled.value))
          return;
        const heights = group.turns.map(
          ({ turn, text }) => promptHeightPx(turn.value.prompt) + answerHeightPx(text.value),
        );
        const height = heights.reduce((sum, each) => sum + each, 0);
        element.current.style.containIntrinsicBlockSize = `auto ${height}px`;
      }),
    [group, isEarlier],
  );
  return (
    <div ref={element} class={isEarlier ? "sy-turns sy-turns--earlier" : "sy-turns"}>
      {group.isShown.value &&
        group.turns.map((model) => (
          <Fragment key={model.id}>
            <Turn model={model} isBusy={model.id === busyTurnId} isLast={model.id === lastId} />
            {model === lastLeftOut && <LeftOutNote count={leftOut} />}
          </Fragment>
        ))}
    </div>
  );
}
