import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { QueuedPromptView } from "../../../../contract/view/queueMessages.ts";
import { inputTextOf } from "../../../../explain/prompts.ts";
import { IconButton } from "../../../ui/buttons.tsx";
import { Toolbar } from "../../../ui/Toolbar.tsx";
import { ContextChips } from "../../context/ContextChips.tsx";
import { useStore } from "../../state/store.ts";
import { PromptText } from "./PromptBubble.tsx";
import { PromptEditor } from "./PromptEditor.tsx";

/** The prompts that are sent when the answer before them is complete, in the order of sending. */
export function QueuedPrompts() {
  const { queued } = useStore().shell.value;
  const list = useRef<HTMLDivElement>(null);
  /** The prompt that keeps the focus when the order changes: moving an element takes the focus from it. */
  const focused = useRef<string | null>(null);
  const order = queued.map(({ id }) => id).join(" ");
  useLayoutEffect(() => {
    const id = focused.current;
    focused.current = null;
    if (id !== null) list.current?.querySelector<HTMLElement>(`[data-queued="${id}"]`)?.focus();
  }, [order]);
  if (queued.length === 0) return null;
  return (
    <div ref={list}>
      {queued.map((each, index) => (
        <QueuedPrompt
          key={each.id}
          queued={each}
          index={index}
          count={queued.length}
          focusNext={(id) => {
            focused.current = id;
          }}
          neighbour={queued[index + 1]?.id ?? queued[index - 1]?.id}
        />
      ))}
    </div>
  );
}

type QueuedPromptProps = {
  readonly queued: QueuedPromptView;
  readonly index: number;
  readonly count: number;
  /** Keeps or moves the focus when the order has changed. */
  readonly focusNext: (id: string) => void;
  /** The prompt that takes the focus if this one is removed. */
  readonly neighbour: string | undefined;
};

function QueuedPrompt({ queued: { id, prompt }, index, count, focusNext, neighbour }: QueuedPromptProps) {
  const store = useStore();
  const article = useRef<HTMLElement>(null);
  const isEditing = useSignal(false);
  const move = (by: -1 | 1) => {
    if (index + by < 0 || index + by >= count) return;
    focusNext(id);
    store.post({ type: "moveQueued", id, by });
  };
  const remove = () => {
    if (neighbour === undefined) store.focusInput.value++;
    else focusNext(neighbour);
    store.post({ type: "removeQueued", id });
  };
  const sendNow = () => {
    store.focusInput.value++;
    store.post({ type: "sendQueued", id });
  };
  const openContext = (at: number) => store.post({ type: "openQueuedContext", id, index: at });
  const stopEditing = () => {
    isEditing.value = false;
    article.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    move(event.key === "ArrowUp" ? -1 : 1);
  };
  const isBusy = store.shell.value.busyTurnId !== null;
  return (
    <article
      ref={article}
      class="sy-turn sy-turn--user"
      aria-label={
        count === 1
          ? l10n.t("You, queued")
          : l10n.t("You, queued, {number} of {count}", { number: index + 1, count })
      }
      data-queued={id}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      {isEditing.value ? (
        <PromptEditor
          text={inputTextOf(prompt)}
          acceptName={l10n.t("Save")}
          onAccept={(text) => {
            store.post({ type: "editQueued", id, text });
            stopEditing();
          }}
          onCancel={stopEditing}
        >
          <ContextChips context={prompt.context} onOpen={openContext} />
        </PromptEditor>
      ) : (
        <>
          <PromptText prompt={prompt} class="sy-prompt--queued" onOpenContext={openContext} />
          <div class="sy-queued">
            {index === 0 && (
              // After an answer that is not complete, the queue waits for the user.
              <span class="sy-quiet-text">
                {isBusy ? l10n.t("Sent when this answer ends") : l10n.t("Not sent yet")}
              </span>
            )}
            <Toolbar name={l10n.t("Queued prompt")}>
              {count > 1 && (
                <>
                  <IconButton
                    icon="arrow-up"
                    name={l10n.t("Move up")}
                    title={l10n.t("Move up (Alt+Up)")}
                    disabled={index === 0}
                    onClick={() => move(-1)}
                  />
                  <IconButton
                    icon="arrow-down"
                    name={l10n.t("Move down")}
                    title={l10n.t("Move down (Alt+Down)")}
                    disabled={index === count - 1}
                    onClick={() => move(1)}
                  />
                </>
              )}
              <IconButton
                icon="edit"
                name={l10n.t("Edit queued prompt")}
                onClick={() => {
                  isEditing.value = true;
                }}
              />
              <IconButton
                icon="send"
                name={isBusy ? l10n.t("Stop the answer and send now") : l10n.t("Send now")}
                onClick={sendNow}
              />
              <IconButton icon="close" name={l10n.t("Remove from queue")} onClick={remove} />
            </Toolbar>
          </div>
        </>
      )}
    </article>
  );
}
