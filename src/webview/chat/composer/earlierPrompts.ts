import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { inputTextOf } from "../../../explain/prompts.ts";
import type { Store } from "../state/store.ts";

/**
 * Earlier prompts by the arrow keys: those of this conversation, then those of others, the newest first. They replace an
 * empty input only, and a change makes a prompt the user's own draft, so that no draft is lost.
 * @returns the handler of the input's keys; it prevents the default of those that it handles
 */
export function useEarlierPrompts(
  store: Store,
  input: RefObject<HTMLTextAreaElement | null>,
): (event: KeyboardEvent) => void {
  /** How many prompts back the input is; 0 at the draft. */
  const back = useRef(0);
  const shownText = useRef("");
  const isWaiting = useRef(false);
  const { recentPrompts } = store.shell.value;

  const show = (field: HTMLTextAreaElement, steps: number) => {
    const text = steps === 0 ? "" : earlierPrompts(store)[steps - 1];
    if (text === undefined) return;
    const isOlder = steps > back.current;
    back.current = steps;
    shownText.current = text;
    store.write(text);
    field.value = text;
    // The key that brought the prompt brings the next one too: the caret stays on the edge that it crosses.
    const firstLineEnd = text.indexOf("\n");
    const caret = isOlder && firstLineEnd >= 0 ? firstLineEnd : text.length;
    field.setSelectionRange(caret, caret);
  };

  useEffect(() => {
    const field = input.current;
    if (isWaiting.current && field?.value === "") show(field, 1);
    isWaiting.current = false;
  }, [recentPrompts]);

  return (event) => {
    const field = input.current;
    if (field === null || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    const { value, selectionStart, selectionEnd } = field;
    if (back.current > 0 && value !== shownText.current) back.current = 0;
    const isBrowsing = back.current > 0;
    if (event.key === "ArrowUp") {
      if (isBrowsing ? value.slice(0, selectionStart).includes("\n") : value !== "") return;
      event.preventDefault();
      if (!isBrowsing) {
        store.post({ type: "recentPrompts" });
        isWaiting.current = earlierPrompts(store).length === 0;
      }
      show(field, back.current + 1);
    }
    if (event.key === "ArrowDown" && isBrowsing && !value.slice(selectionEnd).includes("\n")) {
      event.preventDefault();
      show(field, back.current - 1);
    }
  };
}

function earlierPrompts(store: Store): readonly string[] {
  const own = store.turns.value.map(({ turn }) => inputTextOf(turn.value.prompt)).reverse();
  return [...new Set([...own, ...store.shell.value.recentPrompts])].filter((text) => text !== "");
}
