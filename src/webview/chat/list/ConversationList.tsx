import { useSignal, useSignalEffect } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import { useRef } from "preact/hooks";
import type { ConversationRow } from "../../../contract/view/types.ts";
import { Icon, IconButton } from "../../ui/buttons.tsx";
import { useStore } from "../state/store.ts";
import { groupByDay } from "./dates.ts";
import { Row } from "./Row.tsx";

/** All conversations: search, open, rename and delete, by mouse or keyboard. */
export function ConversationList() {
  const store = useStore();
  const { rows, query, nowMs } = store.shell.value.list;
  const typed = useSignal(query);
  const active = useSignal(rows[0]?.id);
  const renaming = useSignal<string | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useSignalEffect(() => {
    // The effect depends on the counter, so the counter must be read here.
    if (store.focusInput.value >= 0) search.current?.focus();
  });

  const activeId = rows.some(({ id }) => id === active.value) ? active.value : rows[0]?.id;
  const focusRow = (id: string | undefined) => {
    active.value = id;
    const row = [...(box.current?.querySelectorAll<HTMLElement>("[data-id]") ?? [])].find(
      (element) => element.dataset["id"] === id,
    );
    (row?.querySelector<HTMLElement>(".sy-conv-open") ?? search.current)?.focus();
  };
  const onType = (text: string) => {
    typed.value = text;
    store.post({ type: "list", query: text });
  };
  const remove = ({ id }: ConversationRow) => {
    const at = rows.findIndex((row) => row.id === id);
    focusRow((rows[at + 1] ?? rows[at - 1])?.id);
    store.post({ type: "delete", id });
  };
  const rename = ({ id, title }: ConversationRow, to: string | null) => {
    renaming.value = null;
    const next = to?.trim() ?? "";
    if (next !== "" && next !== title) store.post({ type: "rename", id, title: next });
    store.scheduler.nextFrame(() => focusRow(id));
  };
  const onSearchKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" && rows.length > 0) {
      event.preventDefault();
      focusRow(activeId);
    }
    if (event.key === "Enter" && rows[0] !== undefined) store.post({ type: "open", id: rows[0].id });
    if (event.key === "Escape" && typed.value !== "") {
      event.preventDefault();
      onType("");
    }
  };
  const onRowKey = (event: KeyboardEvent, row: ConversationRow) => {
    const at = rows.findIndex(({ id }) => id === row.id);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      if (to < 0) search.current?.focus();
      else focusRow(rows[Math.min(to, rows.length - 1)]?.id);
    }
    if (event.key === "Delete") remove(row);
    if (event.key === "F2") renaming.value = row.id;
  };

  return (
    <div class="sy-convs" ref={box}>
      <h1 class="sy-hidden-text">{l10n.t("Conversations")}</h1>
      <div class="sy-convs-head">
        <div class="sy-search">
          <Icon name="search" />
          <input
            ref={search}
            type="search"
            aria-label={l10n.t("Search conversations")}
            placeholder={l10n.t("Search conversations")}
            value={typed.value}
            onInput={(event) => onType(event.currentTarget.value)}
            onKeyDown={onSearchKey}
          />
        </div>
        <IconButton
          icon="desktop-download"
          name={l10n.t("Import conversation…")}
          onClick={() => store.post({ type: "import" })}
        />
      </div>
      {rows.length === 0 && (
        <p class="sy-convs-none sy-quiet-text">
          {query === ""
            ? l10n.t("Conversations are kept here.")
            : l10n.t("Nothing matches “{query}”.", { query })}
        </p>
      )}
      {groupByDay(rows, nowMs).map(({ name, rows: own }) => (
        <section key={name} aria-label={name}>
          <h2 class="sy-group">{name}</h2>
          <ul class="sy-list">
            {own.map((row) => (
              <Row
                key={row.id}
                row={row}
                query={query}
                nowMs={nowMs}
                isTabStop={row.id === activeId}
                isRenaming={row.id === renaming.value}
                onFocus={() => {
                  active.value = row.id;
                }}
                onKeyDown={(event) => onRowKey(event, row)}
                onOpen={() => store.post({ type: "open", id: row.id })}
                onRename={() => {
                  renaming.value = row.id;
                }}
                onRenamed={(to) => rename(row, to)}
                onPin={() => store.post({ type: "pin", id: row.id, isPinned: row.isPinned !== true })}
                onExport={() => store.post({ type: "export", id: row.id })}
                onDelete={() => remove(row)}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
