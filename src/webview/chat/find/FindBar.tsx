import { useSignal, useSignalEffect } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import { useLayoutEffect, useRef } from "preact/hooks";
import { IconButton } from "../../ui/buttons.tsx";
import { useStore } from "../state/store.ts";
import { Finder, type FindResult, MOST_MATCHES } from "./finder.ts";

/** Finds text in the conversation. It covers the beginning of the conversation, which does not move. */
export function FindBar() {
  const store = useStore();
  const bar = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const finder = useRef<Finder | null>(null);
  const query = useSignal("");
  const result = useSignal<FindResult>({ count: 0, current: 0 });

  useLayoutEffect(() => {
    // At once: what is typed right after the key that opens the bar belongs into it.
    input.current?.focus();
    const log = bar.current?.closest(".sy-chat")?.querySelector<HTMLElement>(".sy-log");
    if (!log) return;
    const onF3 = (event: KeyboardEvent) => {
      if (event.key !== "F3") return;
      event.preventDefault();
      move(event.shiftKey ? -1 : 1);
    };
    document.addEventListener("keydown", onF3);
    finder.current = new Finder(log, store.scheduler, (found) => {
      result.value = found;
      store.announcement.value = describeResult(found, query.peek());
    });
    return () => {
      document.removeEventListener("keydown", onF3);
      finder.current?.dispose();
      finder.current = null;
      store.find.isOpen.value = false;
    };
  }, []);
  // Opening an open bar selects its text, so that typing replaces it.
  useSignalEffect(() => {
    if (store.find.requests.value === 0) return;
    input.current?.focus();
    input.current?.select();
  });

  const move = (by: 1 | -1) => finder.current?.move(by);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    move(event.shiftKey ? -1 : 1);
  };
  const isEmpty = result.value.count === 0;
  return (
    <div class="sy-find" ref={bar}>
      {/* biome-ignore lint/a11y/useSemanticElements: a search element is not in every VS Code yet */}
      <div class="sy-find-bar" role="search" aria-label={l10n.t("Find in conversation")}>
        <input
          ref={input}
          type="text"
          aria-label={l10n.t("Find in conversation")}
          placeholder={l10n.t("Find")}
          value={query.value}
          onInput={(event) => {
            query.value = event.currentTarget.value;
            finder.current?.search(query.value);
          }}
          onKeyDown={onKeyDown}
        />
        <span class="sy-find-count">{describeResult(result.value, query.value)}</span>
        <IconButton
          icon="arrow-up"
          name={l10n.t("Previous match")}
          title={l10n.t("Previous match (Shift+Enter)")}
          disabled={isEmpty}
          onClick={() => move(-1)}
        />
        <IconButton
          icon="arrow-down"
          name={l10n.t("Next match")}
          title={l10n.t("Next match (Enter)")}
          disabled={isEmpty}
          onClick={() => move(1)}
        />
        <IconButton
          icon="close"
          name={l10n.t("Close")}
          title={l10n.t("Close (Escape)")}
          onClick={() => store.find.close()}
        />
      </div>
    </div>
  );
}

function describeResult({ count, current }: FindResult, query: string): string {
  if (query === "") return "";
  if (count === 0) return l10n.t("No results");
  const figures = { current: current.toLocaleString(), count: count.toLocaleString() };
  return count < MOST_MATCHES
    ? l10n.t("{current} of {count}", figures)
    : l10n.t("{current} of {count} or more", figures);
}
