import type { ReadonlySignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import type { TurnView } from "../../../../contract/view/conversationMessages.ts";
import type { Thumb } from "../../../../contract/view/types.ts";
import { IconButton } from "../../../ui/buttons.tsx";
import { Toolbar } from "../../../ui/Toolbar.tsx";
import { useStore } from "../../state/store.ts";
import { CopyButton } from "./CopyButton.tsx";
import { Pager } from "./Pager.tsx";

type AnswerToolsProps = { readonly turn: TurnView; readonly text: ReadonlySignal<string> };

/** The buttons of an answer: copy, rate, regenerate, and the other answers to its prompt. */
export function AnswerTools({ turn, text }: AnswerToolsProps) {
  const store = useStore();
  if (text.value === "") return <AnswerPager turn={turn} />;
  const current = turn.answer.thumb;
  const isBusy = store.shell.value.busyTurnId !== null;
  const rate = (thumb: Thumb) =>
    store.post({ type: "thumb", turnId: turn.id, thumb: current === thumb ? null : thumb });
  const regenerate = () => {
    store.post({ type: "regenerate", turnId: turn.id });
    store.focusInput.value++;
  };
  return (
    <Toolbar name={l10n.t("Answer")}>
      <CopyButton name={l10n.t("Copy answer")} text={() => text.value} />
      <IconButton
        icon={current === "up" ? "thumbsup-filled" : "thumbsup"}
        name={l10n.t("Good answer")}
        pressed={current === "up"}
        onClick={() => rate("up")}
      />
      <IconButton
        icon={current === "down" ? "thumbsdown-filled" : "thumbsdown"}
        name={l10n.t("Bad answer")}
        pressed={current === "down"}
        onClick={() => rate("down")}
      />
      <IconButton icon="refresh" name={l10n.t("Regenerate")} disabled={isBusy} onClick={regenerate} />
      <IconButton
        icon="chevron-down"
        name={l10n.t("Regenerate with a stronger or another model…")}
        class="sy-tool--menu"
        disabled={isBusy}
        onClick={() => store.post({ type: "regenerateWith", turnId: turn.id })}
      />
      {hasOtherAnswers(turn) && <span class="sy-sep" />}
      <AnswerPager turn={turn} />
    </Toolbar>
  );
}

/** The way to the other answers to a prompt, if there are any. */
export function AnswerPager({ turn }: Pick<AnswerToolsProps, "turn">) {
  const { answers = [] } = turn.alternatives ?? {};
  return hasOtherAnswers(turn) ? <Pager turnId={turn.id} ids={answers} part="answer" /> : null;
}

function hasOtherAnswers({ alternatives }: TurnView): boolean {
  return alternatives !== undefined && alternatives.answers.length > 1;
}
