import { t } from "@vscode/l10n";
import type { AnswerState } from "../../../contract/view/protocol.ts";
import type { AnswerSummary, Decision } from "../../../contract/view/shown.ts";
import { whySentences } from "../../../explain/why.ts";
import { useStore } from "../services.ts";
import { Tool } from "../Tool.tsx";
import { Attempts } from "./Attempts.tsx";
import { Candidates } from "./Candidates.tsx";
import { CostTable } from "./CostTable.tsx";
import { Matched } from "./Matched.tsx";

type WhyProps = {
  readonly id: string;
  readonly turnId: string;
  readonly answer: Omit<AnswerState, "text">;
  readonly decision: Decision;
  readonly summary: AnswerSummary;
  readonly isLast: boolean;
};

/** Why this model? The sentence first, then all that led to it, with its figures. */
export function Why({ id, turnId, answer, decision, summary, isLast }: WhyProps) {
  const store = useStore();
  const question = summary.modelUsed === undefined ? t("Why?") : t("Why this model?");
  return (
    <section class="sy-why" id={id} aria-label={question}>
      <div class="sy-why-head">
        <h2>{question}</h2>
        <Tool
          icon="copy"
          name={t("Copy decision")}
          title={t("Copy this decision as JSON")}
          onClick={() => {
            store.post({ type: "copyDecision", turnId });
            store.live.value = t("Copied");
          }}
        />
      </div>
      <p>{whySentences(decision, summary, store.names.value).join(" ")}</p>
      <Matched decision={decision} decidedInMs={answer.decidedInMs} />
      <Candidates decision={decision} summary={summary} isLast={isLast} />
      {summary.attempts.length > 0 && <CostTable decision={decision} summary={summary} />}
      <Attempts attempts={summary.attempts} />
    </section>
  );
}
