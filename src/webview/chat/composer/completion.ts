import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { type PopupEntry, type PopupGroup, type PopupList, usePopupList } from "../../ui/Popup.tsx";

/** Completes what is typed after a character, such as `/` or `#`. */
export type Completion = {
  /** One character. */
  readonly trigger: string;
  /** Where the character has this meaning: at the start of the text only, or at the start of each word. */
  readonly at: "text" | "word";
  /** The accessible name of the list. */
  readonly name: string;
  /** The entries for what is typed after the character. The popup is hidden while there is none. */
  readonly groups: (query: string) => readonly PopupGroup[];
  /** Called when what is typed after the character has changed. */
  readonly onQuery?: ((query: string) => void) | undefined;
  /** Carries out an entry, and returns the text that replaces the character and what is typed after it. */
  readonly take: (entry: PopupEntry) => string;
};

/** No command, file name or path that is typed is longer. */
const LONGEST_WORD = 200;

/** The word with the caret that a completion is for. */
type Completing = { readonly completion: Completion; readonly start: number; readonly query: string };

type CompletionOfInput = {
  /** The list of the popup while it is open. */
  readonly list: PopupList | undefined;
  /** Call it when the user has changed the text, and when the caret has moved. */
  readonly update: (event: "typed" | "moved") => void;
  readonly close: () => void;
};

/** Opens a popup while the caret is at the end of a word that one of the completions is for. */
export function useCompletion(
  input: RefObject<HTMLTextAreaElement | null>,
  completions: readonly Completion[],
): CompletionOfInput {
  const current = useSignal<Completing | undefined>(undefined);
  // Where the word starts whose popup the user has closed: it stays closed until another word is typed.
  const closedAt = useSignal<number | undefined>(undefined);

  const update = (event: "typed" | "moved") => {
    const field = input.current;
    const found = field === null ? undefined : completingIn(field, completions);
    if (found?.start !== closedAt.value) closedAt.value = undefined;
    const before = current.value;
    const isSame = before !== undefined && before.start === found?.start;
    if (found === undefined || found.start === closedAt.value || (event === "moved" && !isSame)) {
      current.value = undefined;
      return;
    }
    if (!isSame || before.query !== found.query) found.completion.onQuery?.(found.query);
    current.value = found;
  };
  const close = () => {
    closedAt.value = current.value?.start;
    current.value = undefined;
  };
  const take = (entry: PopupEntry) => {
    const field = input.current;
    const completing = current.value;
    if (field === null || completing === undefined) return;
    const { completion, start, query } = completing;
    current.value = undefined;
    replaceRange(field, start, start + 1 + query.length, completion.take(entry));
  };

  const { completion, start, query = "" } = current.value ?? {};
  const groups = completion?.groups(query) ?? [];
  const list = usePopupList({
    name: completion?.name ?? "",
    groups,
    query: `${start} ${query}`,
    onTake: take,
    onClose: close,
  });
  return { list: list.activeId === undefined ? undefined : list, update, close };
}

function completingIn(
  { value, selectionStart, selectionEnd }: HTMLTextAreaElement,
  completions: readonly Completion[],
): Completing | undefined {
  if (selectionStart !== selectionEnd) return undefined;
  // Bounded, because the expression takes the square of the length of a pasted text without spaces.
  const from = Math.max(0, selectionStart - LONGEST_WORD - 1);
  const inside = value.slice(from, selectionStart).search(/\S+$/);
  const isCut = inside === 0 && from > 0;
  if (inside < 0 || isCut) return undefined;
  const start = from + inside;
  const completion = completions.find(
    ({ trigger, at }) => value[start] === trigger && (at === "word" || value.slice(0, start).trim() === ""),
  );
  return completion && { completion, start, query: value.slice(start + 1, selectionStart) };
}

/** Replaces a part of the text as if it was typed, and moves the caret behind it. */
function replaceRange(field: HTMLTextAreaElement, start: number, end: number, text: string): void {
  field.setSelectionRange(start, end);
  // The one way that the user can undo. It reports the change as an input event.
  if (start < end || text !== "") {
    const command = text === "" ? "delete" : "insertText";
    if (document.execCommand?.(command, false, text) === true) return;
  }
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
