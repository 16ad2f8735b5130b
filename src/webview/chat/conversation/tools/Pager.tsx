import * as l10n from "@vscode/l10n";
import { useLayoutEffect, useRef } from "preact/hooks";
import { IconButton } from "../../../ui/buttons.tsx";
import { useStore } from "../../state/store.ts";

type PagerProps = {
  /** The turn that is shown. */
  readonly turnId: string;
  /** The turns that can be shown in its place, itself included. */
  readonly ids: readonly string[];
  /** What differs between them: the turn has a pager for each. */
  readonly part: "prompt" | "answer";
};

/** Shows one of several prompts or answers in the same place: “2 / 3”. */
export function Pager({ turnId, ids, part }: PagerProps) {
  const store = useStore();
  const pager = useRef<HTMLSpanElement>(null);
  const index = ids.indexOf(turnId);
  const isBusy = store.shell.value.busyTurnId !== null;
  // The turn that the user asked for replaces the one whose button had the focus.
  useLayoutEffect(() => {
    const { pagerFocus } = store;
    if (pagerFocus?.turnId !== turnId || pagerFocus.part !== part) return;
    store.pagerFocus = null;
    const buttons = [...(pager.current?.querySelectorAll("button") ?? [])];
    const sameWay = buttons[pagerFocus.by < 0 ? 0 : 1];
    (sameWay?.disabled === false ? sameWay : buttons.find(({ disabled }) => !disabled))?.focus();
  }, []);
  const show = (by: -1 | 1) => {
    const next = ids[index + by];
    if (next === undefined) return;
    store.pagerFocus = { turnId: next, part, by };
    store.post({ type: "showTurn", turnId: next });
  };
  const position = { number: index + 1, count: ids.length };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has a frame and a legend of its own
    <span ref={pager} class="sy-pager" role="group" aria-label={l10n.t("Variants")}>
      <IconButton
        icon="chevron-left"
        name={l10n.t("Previous variant")}
        disabled={isBusy || index <= 0}
        onClick={() => show(-1)}
      />
      <span aria-label={l10n.t("Variant {number} of {count}", position)} role="img">
        {l10n.t("{number} / {count}", position)}
      </span>
      <IconButton
        icon="chevron-right"
        name={l10n.t("Next variant")}
        disabled={isBusy || index === ids.length - 1}
        onClick={() => show(1)}
      />
    </span>
  );
}
