import { signal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { Icon } from "./buttons.tsx";

/** How many entries PageUp and PageDown move by. */
const PAGE = 8;

export type PopupEntry = {
  /** Unique in its popup. */
  readonly id: string;
  readonly label: string;
  /** A codicon's name. */
  readonly icon?: string | undefined;
  /** The color of the icon: `sy-is-warning`. */
  readonly iconState?: string | undefined;
  /** Secondary text at the end of the line. It gives way before the label does. */
  readonly detail?: string | undefined;
  /** Figures at the end of the line. The label gives way before they do. */
  readonly figures?: ComponentChildren;
  /** A second line. */
  readonly note?: string | undefined;
  /** More about it: its tooltip, read by screen readers. */
  readonly description?: string | undefined;
  /** It can be active, so that its note is read, but not taken. */
  readonly disabled?: boolean | undefined;
};

export type PopupGroup = {
  readonly name: string;
  /** Where the entries need no heading: the name is for screen readers only. */
  readonly nameHidden?: boolean | undefined;
  /** At the end of the heading: what the figures mean. */
  readonly note?: string | undefined;
  readonly entries: readonly PopupEntry[];
};

export type PopupOptions = {
  /** The accessible name of the list. */
  readonly name: string;
  readonly groups: readonly PopupGroup[];
  /** What the entries are filtered by. A change makes the first entry active. */
  readonly query: string;
  /** The id of the entry that is active at first, while there is no query. By default the first one. */
  readonly start?: string | undefined;
  /** The popup has other controls: Tab moves to them. Otherwise Tab takes the active entry. */
  readonly hasControls?: boolean | undefined;
  readonly onTake: (entry: PopupEntry) => void;
  readonly onClose: () => void;
};

/** What a popup's list and its text field have in common. */
export type PopupList = PopupOptions & {
  /** The DOM id of the list, for `aria-controls`. A button with it does not close the popup when it is pressed. */
  readonly listId: string;
  readonly active: PopupEntry | undefined;
  /** The DOM id of the active entry, for `aria-activedescendant`; undefined if there is no entry. */
  readonly activeId: string | undefined;
  /** Handles the keys of the text field: arrows, PageUp, PageDown, Enter, Tab and Escape. Prevents the default of those. */
  readonly onKeyDown: (event: KeyboardEvent) => void;
};

/** The list of a popup, with its first entry active. The focus stays in a text field, which passes its keys on. */
export function usePopupList(options: PopupOptions): PopupList {
  const listId = useId();
  const { groups, query, start, hasControls = false, onTake, onClose } = options;
  // A signal for each filter: a change of the filter forgets where the arrow keys have moved to.
  const moved = useMemo(() => signal<string | undefined>(undefined), [query]);
  const entries = groups.flatMap((group) => group.entries);
  const activeBefore = moved.value ?? (query === "" ? start : undefined);
  const movedTo = entries.findIndex(({ id }) => id === activeBefore);
  const first = Math.max(
    0,
    entries.findIndex(({ disabled }) => disabled !== true),
  );
  const index = movedTo < 0 ? first : movedTo;
  const active = entries[index];

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") {
      event.preventDefault();
      onClose();
      return;
    }
    if (active === undefined) return;
    if (event.key === "Enter" || (event.key === "Tab" && !hasControls)) {
      event.preventDefault();
      if (active.disabled !== true) onTake(active);
      return;
    }
    const next = entries[targetIndex(event.key, index, entries.length) ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    moved.value = next.id;
  };
  return {
    ...options,
    listId,
    active,
    activeId: active === undefined ? undefined : optionId(listId, index),
    onKeyDown,
  };
}

function targetIndex(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case "ArrowDown":
      return (index + 1) % count;
    case "ArrowUp":
      return (index + count - 1) % count;
    case "PageDown":
      return Math.min(index + PAGE, count - 1);
    case "PageUp":
      return Math.max(index - PAGE, 0);
    default:
      return undefined;
  }
}

function optionId(listId: string, index: number): string {
  return `${listId}-${index}`;
}

/** The attributes of a multi-line input whose popup may be open. */
export function inputAttributes(list: PopupList | undefined) {
  return {
    "aria-haspopup": "listbox",
    "aria-autocomplete": "list",
    "aria-controls": list?.listId,
    "aria-activedescendant": list?.activeId,
  } as const;
}

type PopupProps = {
  readonly list: PopupList;
  /** Above the list: the field of `PopupSearch`, or controls. */
  readonly head?: ComponentChildren;
  /** Instead of the list, if it has no entry. */
  readonly empty?: string | undefined;
  /** Below the list. */
  readonly foot?: ComponentChildren;
};

/** A popup above the input. A press outside closes it; a press inside leaves the focus where it is. */
export function Popup({ list, head, empty, foot }: PopupProps) {
  const { listId, activeId, name, groups, onTake, onClose } = list;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const closeIfOutside = ({ target }: PointerEvent) => {
      if (!(target instanceof Element) || box.current?.contains(target)) return;
      const controlled = target.closest("button[aria-controls]")?.getAttribute("aria-controls");
      if (controlled !== listId) onClose();
    };
    document.addEventListener("pointerdown", closeIfOutside);
    return () => document.removeEventListener("pointerdown", closeIfOutside);
  }, [onClose]);
  useEffect(() => box.current?.addEventListener("mousedown", keepFocus), []);
  useLayoutEffect(() => {
    if (activeId === undefined) return;
    const isFirst = activeId === optionId(listId, 0);
    const active = document.getElementById(activeId);
    // With the first entry the heading of its group is shown too.
    (isFirst ? active?.parentElement : active)?.scrollIntoView({ block: "nearest" });
  }, [activeId]);

  let before = 0;
  return (
    <div class="sy-popup" ref={box}>
      {head}
      {activeId === undefined && empty !== undefined && <p class="sy-popup-empty sy-quiet-text">{empty}</p>}
      <div id={listId} class="sy-popup-list" role="listbox" aria-label={name}>
        {groups.map((group) => {
          const start = before;
          before += group.entries.length;
          return (
            <Group
              key={group.name}
              group={group}
              start={start}
              listId={listId}
              activeId={activeId}
              onTake={onTake}
            />
          );
        })}
      </div>
      {foot !== undefined && <p class="sy-popup-foot sy-quiet-text">{foot}</p>}
    </div>
  );
}

/** A press on an entry leaves the focus in the text field. */
function keepFocus(event: MouseEvent): void {
  const onControl = event.target instanceof Element && event.target.closest("input, button") !== null;
  if (!onControl) event.preventDefault();
}

type GroupProps = Pick<PopupList, "listId" | "activeId" | "onTake"> & {
  readonly group: PopupGroup;
  /** How many entries the groups before it have. */
  readonly start: number;
};

function Group({ group, start, listId, activeId, onTake }: GroupProps) {
  const { name, nameHidden = false, note, entries } = group;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups fields, not the options of a list
    <div role="group" aria-label={name}>
      {!nameHidden && (
        <h3 class={note === undefined ? "sy-group" : "sy-group sy-group-line"} role="presentation">
          {name} {note !== undefined && <span>{note}</span>}
        </h3>
      )}
      {entries.map((entry, index) => {
        const id = optionId(listId, start + index);
        return <Entry key={entry.id} entry={entry} id={id} active={id === activeId} onTake={onTake} />;
      })}
    </div>
  );
}

type EntryProps = {
  readonly entry: PopupEntry;
  readonly id: string;
  readonly active: boolean;
  readonly onTake: (entry: PopupEntry) => void;
};

function Entry({ entry, id, active, onTake }: EntryProps) {
  const { label, icon, iconState, detail, figures, note, description, disabled = false } = entry;
  const layout = detail === undefined ? "sy-row" : "sy-row sy-row--detail";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the text field with the focus handles the keys
    // biome-ignore lint/a11y/useFocusableInteractive: `aria-activedescendant` of the text field points here
    <div
      id={id}
      class={active ? `${layout} is-active` : layout}
      role="option"
      aria-selected={active}
      aria-disabled={disabled || undefined}
      title={tooltipOf(entry)}
      onClick={() => !disabled && onTake(entry)}
    >
      {icon === undefined ? <span /> : <Icon name={icon} state={iconState ?? ""} />}
      <span class="sy-row-main">{label}</span>
      {detail !== undefined && <span class="sy-row-more">{detail}</span>}
      {figures !== undefined && <span class="sy-row-more sy-figs">{figures}</span>}
      {note !== undefined && <span class="sy-row-more sy-row-sub">{note}</span>}
      {description !== undefined && <span class="sy-hidden-text">{description}</span>}
    </div>
  );
}

/** What may be cut of an entry, and more about it. */
function tooltipOf({ label, detail, description }: PopupEntry): string | undefined {
  if (description !== undefined) return `${label}\n${description}`;
  return detail === undefined ? undefined : `${label} – ${detail}`;
}

type PopupSearchProps = {
  readonly list: PopupList;
  /** The accessible name and placeholder. */
  readonly name: string;
  readonly onQuery: (query: string) => void;
};

/** The filter field of a popup that is opened by a button. It takes the focus; the code that closes the popup moves the focus. */
export function PopupSearch({ list, name, onQuery }: PopupSearchProps) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  return (
    <div class="sy-search">
      <Icon name="search" />
      <input
        ref={field}
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={list.listId}
        aria-activedescendant={list.activeId}
        aria-label={name}
        placeholder={name}
        value={list.query}
        onInput={(event) => onQuery(event.currentTarget.value)}
        onKeyDown={list.onKeyDown}
      />
    </div>
  );
}

/** The message of a popup whose filter leaves no entry. */
export function nothingMatches(query: string): string {
  return l10n.t("Nothing matches “{query}”.", { query });
}
