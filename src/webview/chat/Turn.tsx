import { t } from "@vscode/l10n";
import type { TurnView } from "../../contract/view/protocol.ts";
import type { Names } from "../words/names.ts";
import { BudgetChoices } from "./BudgetChoices.tsx";
import { ErrorBox } from "./ErrorBox.tsx";
import { Foot } from "./Foot.tsx";
import { Markdown } from "./Markdown.tsx";
import { NobodyBox } from "./NobodyBox.tsx";
import { NotesAfter, NotesBefore } from "./Notes.tsx";
import { PromptBubble } from "./PromptBubble.tsx";
import { useStore } from "./services.ts";
import { modelOf } from "./state.ts";
import type { TurnModel } from "./store.ts";

type TurnProps = {
  readonly model: TurnModel;
  /** Its answer is being written. One that is not, and has no summary either, was torn off: the editor went away. */
  readonly isBusy: boolean;
  readonly isLast: boolean;
};

/** A prompt and its answer. */
export function Turn({ model, isBusy, isLast }: TurnProps) {
  const store = useStore();
  const turn = model.turn.value;
  return (
    <>
      <PromptBubble prompt={turn.prompt} />
      <article class="sy-turn" aria-label={answerName(turn, isBusy, store.names.value)} aria-busy={isBusy}>
        <NotesBefore turn={turn} />
        <AnswerBody model={model} isBusy={isBusy} isLast={isLast} />
        {!isWaiting(turn) && <Foot turn={turn} text={model.text} isBusy={isBusy} isLast={isLast} />}
      </article>
    </>
  );
}

function AnswerBody({ model, isBusy, isLast }: TurnProps) {
  const turn = model.turn.value;
  const { summary, decision } = turn.answer;
  const ending = summary?.ending;
  if (ending?.kind === "not-sent") {
    return ending.stop.kind === "over-budget" ? (
      <BudgetChoices turnId={turn.id} stop={ending.stop} isLast={isLast} />
    ) : (
      <NobodyBox turnId={turn.id} decision={decision} isLast={isLast} />
    );
  }
  if (summary !== undefined && ending?.kind === "failed" && model.text.value === "") {
    return <ErrorBox turn={turn} summary={summary} failure={ending.failure} isLast={isLast} />;
  }
  return (
    <>
      <Markdown text={model.text} whole={!isBusy} />
      <NotesAfter turn={turn} isBusy={isBusy} isLast={isLast} />
    </>
  );
}

function answerName(turn: TurnView, isBusy: boolean, names: Names): string {
  const ref = modelOf(turn);
  const ending = turn.answer.summary?.ending;
  if (isWaiting(turn)) return t("Waiting for your choice");
  if (ref === undefined) return isBusy ? t("Answer, still being written") : t("No answer");
  const model = names(ref);
  if (isBusy) return t("Answer by {model}, still being written", { model });
  if (ending?.kind === "stopped") return t("Answer by {model}, stopped", { model });
  if (ending === undefined || ending.kind === "failed")
    return t("Answer by {model}, not complete", { model });
  return t("Answer by {model}", { model });
}

/** The budget does not carry it, and the user decides what becomes of it. */
function isWaiting({ answer }: TurnView): boolean {
  const ending = answer.summary?.ending;
  return ending?.kind === "not-sent" && ending.stop.kind === "over-budget";
}
