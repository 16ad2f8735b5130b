import { describeHandoffPoint } from "../../explain/broken.ts";
import { answerName, isWaiting } from "./answerName.ts";
import { BudgetChoices } from "./BudgetChoices.tsx";
import { ErrorBox } from "./ErrorBox.tsx";
import { Foot } from "./Foot.tsx";
import { Markdown } from "./Markdown.tsx";
import { NobodyBox } from "./NobodyBox.tsx";
import { NotesAfter, NotesBefore } from "./Notes.tsx";
import { PromptBubble } from "./PromptBubble.tsx";
import { useStore } from "./services.ts";
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
  const names = useStore().names.value;
  const turn = model.turn.value;
  const { summary, decision } = turn.answer;
  const ending = summary?.ending;
  if (ending?.kind === "not-sent") {
    return ending.reason.kind === "over-budget" ? (
      <BudgetChoices turnId={turn.id} stop={ending.reason} isLast={isLast} />
    ) : (
      <NobodyBox turnId={turn.id} decision={decision} isLast={isLast} />
    );
  }
  if (summary !== undefined && ending?.kind === "failed" && model.text.value === "") {
    return <ErrorBox turn={turn} summary={summary} failure={ending.failure} isLast={isLast} />;
  }
  const seams = (turn.answer.handoffs ?? []).map((seam) => ({
    at: seam.at,
    words: describeHandoffPoint(seam, names),
  }));
  return (
    <>
      <Markdown text={model.text} whole={!isBusy} seams={seams} />
      <NotesAfter turn={turn} isBusy={isBusy} isLast={isLast} />
    </>
  );
}
