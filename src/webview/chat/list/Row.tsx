import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ConversationRow } from "../../../contract/view/types.ts";
import { formatMoney } from "../../../explain/format.ts";
import { describeCost } from "../../../explain/money.ts";
import { Icon, IconButton } from "../../ui/buttons.tsx";
import { Toolbar } from "../../ui/Toolbar.tsx";
import { menuContext } from "../title/TitleRow.tsx";
import { formatAge } from "./dates.ts";

type RowProps = {
  readonly row: ConversationRow;
  readonly query: string;
  readonly nowMs: number;
  readonly isTabStop: boolean;
  readonly isRenaming: boolean;
  readonly onFocus: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onOpen: () => void;
  readonly onRename: () => void;
  /** Called with the new title; null if the user cancelled. */
  readonly onRenamed: (title: string | null) => void;
  readonly onPin: () => void;
  readonly onExport: () => void;
  readonly onDelete: () => void;
};

/** A conversation in the list. */
export function Row(props: RowProps) {
  const { row, query, nowMs } = props;
  // The buttons are visible in the row with the pointer or the focus. Those of 500 rows take 200 ms to render.
  const hasTools = useSignal(false);
  const showTools = () => {
    hasTools.value = true;
  };
  if (props.isRenaming) return <TitleEditor title={row.title} onRenamed={props.onRenamed} />;
  return (
    <li
      class="sy-row sy-conv"
      data-id={row.id}
      data-vscode-context={menuContext(row)}
      onMouseEnter={showTools}
      onFocusIn={showTools}
    >
      <button
        type="button"
        class="sy-row-main sy-conv-open"
        tabIndex={props.isTabStop ? 0 : -1}
        title={row.snippet === undefined ? row.title : `${row.title}\n${row.snippet}`}
        onClick={props.onOpen}
        onFocus={props.onFocus}
        onKeyDown={props.onKeyDown}
      >
        <Status status={row.status} />
        <Highlighted text={row.title} query={query} />
      </button>
      <span class="sy-row-more sy-conv-time">{formatAge(row.updatedAtMs, nowMs)}</span>
      <span class="sy-row-more sy-row-sub">
        {row.isPrivate && (
          <>
            <Icon name="lock" />
            <span class="sy-hidden-text">{l10n.t("Private: local models only")}</span>{" "}
          </>
        )}
        {row.snippet === undefined ? describeAnswers(row) : <Highlighted text={row.snippet} query={query} />}
      </span>
      {hasTools.value && (
        <Toolbar name={l10n.t("Conversation")} class="sy-tools sy-conv-tools">
          <IconButton
            icon="edit"
            name={l10n.t("Rename")}
            title={l10n.t("Rename (F2)")}
            onClick={props.onRename}
          />
          <IconButton
            icon={row.isPinned === true ? "pinned" : "pin"}
            name={row.isPinned === true ? l10n.t("Unpin") : l10n.t("Pin")}
            onClick={props.onPin}
          />
          <IconButton icon="export" name={l10n.t("Export…")} onClick={props.onExport} />
          <IconButton
            icon="trash"
            name={l10n.t("Delete")}
            title={l10n.t("Delete (Delete)")}
            onClick={props.onDelete}
          />
        </Toolbar>
      )}
    </li>
  );
}

/** Before the title: that the last answer is being written, has failed, or was not seen yet. */
function Status({ status }: Pick<ConversationRow, "status">) {
  switch (status) {
    case undefined:
      return null;
    case "running":
      return <StatusIcon name="loading" state="sy-spin" text={l10n.t("Being answered")} />;
    case "failed":
      return <StatusIcon name="error" state="sy-is-error" text={l10n.t("Failed")} />;
    case "unread":
      return <StatusIcon name="circle-filled" state="sy-is-info" text={l10n.t("New answer")} />;
  }
}

function StatusIcon({ name, state, text }: Record<"name" | "state" | "text", string>) {
  return (
    <>
      <Icon name={name} state={state} />
      <span class="sy-hidden-text">{text}: </span>
    </>
  );
}

function TitleEditor({ title, onRenamed }: Pick<RowProps, "onRenamed"> & { readonly title: string }) {
  const input = useRef<HTMLInputElement>(null);
  const hasEnded = useRef(false);
  useLayoutEffect(() => input.current?.select(), []);
  const end = (to: string | null) => {
    // Removing the input from the page blurs it, which ends the editing a second time.
    if (hasEnded.current) return;
    hasEnded.current = true;
    onRenamed(to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") end(input.current?.value ?? null);
    if (event.key !== "Escape") return;
    event.preventDefault();
    end(null);
  };
  return (
    <li class="sy-row sy-conv sy-search">
      <input
        ref={input}
        class="sy-conv-rename"
        aria-label={l10n.t("Title")}
        defaultValue={title}
        onKeyDown={onKeyDown}
        onBlur={() => end(input.current?.value ?? null)}
      />
    </li>
  );
}

function describeAnswers({ answers, nanoUsd, costKind }: ConversationRow): string {
  const cost =
    answers === 0 && costKind === "exact"
      ? formatMoney(nanoUsd)
      : describeCost(costKind === "unknown" ? { kind: "unknown" } : { kind: costKind, nanoUsd });
  return answers === 1
    ? l10n.t("1 answer · {cost}", { cost })
    : l10n.t("{count} answers · {cost}", { count: answers, cost });
}

/** A text with the search words highlighted. */
function Highlighted({ text, query }: { readonly text: string; readonly query: string }) {
  const words = query.split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return <>{text}</>;
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[^\w\s]/gu, "\\$&")).join("|")})`, "gi");
  // Splitting by a pattern with a group puts the matches at the odd indices.
  return (
    <>
      {text
        .split(pattern)
        .map((part, index) => (index % 2 === 1 ? <mark key={`${index}`}>{part}</mark> : part))}
    </>
  );
}
