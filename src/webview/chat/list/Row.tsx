import { t } from "@vscode/l10n";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ConversationRow } from "../../../contract/view/shown.ts";
import { describeCost } from "../../../explain/money.ts";
import { Icon } from "../Icon.tsx";
import { Tool } from "../Tool.tsx";
import { Toolbar } from "../Toolbar.tsx";
import { ageWords } from "./groups.ts";
import { Marked } from "./Marked.tsx";

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
  /** With the new title, or null where the renaming was called off. */
  readonly onRenamed: (title: string | null) => void;
  readonly onDelete: () => void;
};

/** A conversation in the list. */
export function Row(props: RowProps) {
  const { row, query, nowMs } = props;
  if (props.isRenaming) return <RenamedRow title={row.title} onRenamed={props.onRenamed} />;
  return (
    <li class="sy-row sy-conv" data-id={row.id}>
      <button
        type="button"
        class="sy-row-main sy-conv-open"
        tabIndex={props.isTabStop ? 0 : -1}
        title={row.title}
        onClick={props.onOpen}
        onFocus={props.onFocus}
        onKeyDown={props.onKeyDown}
      >
        <Marked text={row.title} query={query} />
      </button>
      <span class="sy-row-more sy-conv-time">{ageWords(row.updatedAtMs, nowMs)}</span>
      <span class="sy-row-more sy-row-sub">
        {row.isPrivate && (
          <>
            <Icon name="lock" />
            <span class="sy-hidden-text">{t("Private: local models only")}</span>{" "}
          </>
        )}
        {subWords(row)}
      </span>
      <Toolbar name={t("Conversation")} class="sy-tools sy-conv-tools">
        <Tool icon="edit" name={t("Rename")} title={t("Rename (F2)")} onClick={props.onRename} />
        <Tool icon="trash" name={t("Delete")} title={t("Delete (Delete)")} onClick={props.onDelete} />
      </Toolbar>
    </li>
  );
}

function RenamedRow({ title, onRenamed }: Pick<RowProps, "onRenamed"> & { readonly title: string }) {
  const input = useRef<HTMLInputElement>(null);
  const isOver = useRef(false);
  useLayoutEffect(() => input.current?.select(), []);
  const end = (to: string | null) => {
    // Taking the focus away ends it as well.
    if (isOver.current) return;
    isOver.current = true;
    onRenamed(to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
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
        aria-label={t("Title")}
        defaultValue={title}
        onKeyDown={onKeyDown}
        onBlur={() => end(input.current?.value ?? null)}
      />
    </li>
  );
}

function subWords({ answers, nanoUsd, costKind }: ConversationRow): string {
  const cost = describeCost(costKind === "unknown" ? { kind: "unknown" } : { kind: costKind, nanoUsd });
  return answers === 1
    ? t("1 answer · {cost}", { cost })
    : t("{count} answers · {cost}", { count: answers, cost });
}
