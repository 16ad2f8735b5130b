import * as l10n from "@vscode/l10n";
import { useMemo } from "preact/hooks";
import type { TurnView } from "../../../contract/view/conversationMessages.ts";
import { describeHandoffPoint } from "../../../explain/broken.ts";
import { formatList } from "../../../explain/format.ts";
import type { ModelNames } from "../../../explain/names.ts";
import { modelOf } from "../state/reducer.ts";
import { type TurnModel, useStore } from "../state/store.ts";
import { AnswerFooter } from "./AnswerFooter.tsx";
import { BudgetChoices, InvalidRoute, NoModelAvailable } from "./BlockedPrompt.tsx";
import { ErrorBox } from "./ErrorBox.tsx";
import { Markdown } from "./Markdown.tsx";
import { NotesAfter, NotesBefore } from "./Notes.tsx";
import { PromptBubble } from "./prompt/PromptBubble.tsx";
import { AnswerPager } from "./tools/AnswerTools.tsx";
import { answerHeightPx } from "./turnHeights.ts";

type TurnProps = {
  readonly model: TurnModel;
  /** Its answer is being written. An answer that is not, and has no summary, was interrupted: the editor closed. */
  readonly isBusy: boolean;
  readonly isLast: boolean;
};

/** A prompt and its answer. */
export function Turn({ model, isBusy, isLast }: TurnProps) {
  const store = useStore();
  const isFilled = model.isFilled.value;
  // An answer that is written is always laid out.
  const text = isFilled && !isBusy ? model.text.peek() : "";
  const height = useMemo(() => (text === "" ? undefined : `auto ${answerHeightPx(text)}px`), [text]);
  if (!isFilled) {
    return (
      <>
        <article class="sy-turn sy-turn--user" />
        <article class="sy-turn" data-turn={model.id} />
      </>
    );
  }
  const turn = model.turn.value;
  return (
    <>
      <PromptBubble turn={turn} />
      <article
        class="sy-turn"
        data-turn={turn.id}
        tabIndex={-1}
        style={{ containIntrinsicBlockSize: height }}
        aria-label={answerLabel(turn, isBusy, store.names.value)}
        aria-busy={isBusy}
      >
        <NotesBefore turn={turn} />
        <AnswerBody model={model} isBusy={isBusy} isLast={isLast} />
        {needsBudgetChoice(turn) ? (
          <AnswerPager turn={turn} />
        ) : (
          <AnswerFooter turn={turn} text={model.text} isBusy={isBusy} isLast={isLast} />
        )}
      </article>
    </>
  );
}

function AnswerBody({ model, isBusy, isLast }: TurnProps) {
  const names = useStore().names.value;
  const turn = model.turn.value;
  const { summary, decision } = turn.answer;
  const ending = summary?.ending;
  if (ending?.kind === "not-sent") {
    const { reason } = ending;
    switch (reason.kind) {
      case "over-budget":
        return <BudgetChoices turn={turn} reason={reason} isLast={isLast} />;
      case "invalid-route":
        return <InvalidRoute problem={reason.problem} isLast={isLast} />;
      case "no-model-available":
        return <NoModelAvailable turnId={turn.id} decision={decision} isLast={isLast} />;
    }
  }
  if (summary !== undefined && ending?.kind === "failed" && model.text.value === "") {
    return <ErrorBox turn={turn} summary={summary} failure={ending.failure} isLast={isLast} />;
  }
  const notes = (turn.answer.handoffs ?? []).map((handoff) => ({
    at: handoff.at,
    text: describeHandoffPoint(handoff, names),
  }));
  return (
    <>
      <Markdown text={model.growing} isComplete={!isBusy} notes={notes} />
      <NotesAfter turn={turn} hasText={!isBusy && model.text.value !== ""} isBusy={isBusy} isLast={isLast} />
    </>
  );
}

/** The accessible name of an answer: its model, the models that continued it, and whether it is complete. */
function answerLabel(turn: TurnView, isBusy: boolean, names: ModelNames): string {
  const { handoffs = [], summary } = turn.answer;
  const isStopped = summary?.ending.kind === "stopped" && summary.ending.interrupted !== true;
  const ref = modelOf(turn);
  if (needsBudgetChoice(turn)) return l10n.t("Waiting for your choice");
  if (ref === undefined) return isBusy ? l10n.t("Answer, still being written") : l10n.t("No answer");
  const ending = summary?.ending;
  const isIncomplete = ending === undefined || ending.kind === "failed" || ending.kind === "stopped";
  const [firstHandoff] = handoffs;
  if (firstHandoff !== undefined) {
    const models = {
      first: names(firstHandoff.from),
      others: formatList(handoffs.map(({ to }) => names(to))),
    };
    if (isBusy) return l10n.t("Answer by {first}, continued by {others}, still being written", models);
    if (isStopped) return l10n.t("Answer by {first}, continued by {others}, stopped", models);
    if (isIncomplete) return l10n.t("Answer by {first}, continued by {others}, not complete", models);
    return l10n.t("Answer by {first}, continued by {others}", models);
  }
  const model = names(ref);
  if (isBusy) return l10n.t("Answer by {model}, still being written", { model });
  if (isStopped) return l10n.t("Answer by {model}, stopped", { model });
  if (isIncomplete) return l10n.t("Answer by {model}, not complete", { model });
  return l10n.t("Answer by {model}", { model });
}

/** Whether the prompt is over budget and the user has to choose what to do. */
function needsBudgetChoice({ answer }: TurnView): boolean {
  const ending = answer.summary?.ending;
  return ending?.kind === "not-sent" && ending.reason.kind === "over-budget";
}
