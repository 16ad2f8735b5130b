import { useSignal } from "@preact/signals";
import { t } from "@vscode/l10n";
import { useEffect } from "preact/hooks";
import type { TurnView } from "../../contract/view/protocol.ts";
import type { AnswerSummary } from "../../contract/view/shown.ts";
import { formatDuration, formatMoney } from "../../explain/format.ts";
import { describeCost } from "../../explain/money.ts";
import { describeRoute } from "../../explain/routes.ts";
import { Icon } from "./Icon.tsx";
import { useStore } from "./services.ts";
import { modelOf } from "./state.ts";

type QuietLineProps = {
  readonly turn: TurnView;
  readonly isOpen: boolean;
  /** Id of what the line opens. */
  readonly controls: string;
  readonly onToggle: () => void;
};

/** Model · route · cost · time: all that an answer says about itself unasked. */
export function QuietLine({ turn, isOpen, controls, onToggle }: QuietLineProps) {
  const names = useStore().names.value;
  const { summary, decision } = turn.answer;
  if (summary === undefined) return null;
  const model = modelOf(turn);
  const question = model === undefined ? t("Why?") : t("Why this model?");
  return (
    <button
      type="button"
      class="sy-quiet"
      aria-expanded={isOpen}
      aria-controls={isOpen ? controls : undefined}
      title={question}
      onClick={onToggle}
    >
      <span class="sy-hidden-text">{question} </span>
      <span class="sy-part sy-part--model">{model === undefined ? nobody(summary) : names(model)}</span>
      {decision && <span class="sy-part sy-part--route">{describeRoute(decision)}</span>}
      <Figures summary={summary} />
      <Icon name={isOpen ? "chevron-up" : "chevron-down"} />
    </button>
  );
}

function Figures({ summary }: { readonly summary: AnswerSummary }) {
  const { cost, tookMs, modelUsed, ending } = summary;
  // Nobody was asked: there is nothing to be paid or waited for.
  if (ending.kind === "not-sent") return null;
  const isNothing = modelUsed === undefined && cost.kind === "exact";
  return (
    <>
      <span class="sy-part">{isNothing ? formatMoney(cost.nanoUsd) : describeCost(cost)}</span>
      <span class="sy-part">{formatDuration(tookMs)}</span>
    </>
  );
}

function nobody({ ending }: AnswerSummary): string {
  return ending.kind === "not-sent" ? t("Not sent") : t("No answer");
}

/** The same line while the answer is being written. */
export function BusyLine({ turn }: { readonly turn: TurnView }) {
  const names = useStore().names.value;
  const seconds = useSignal(0);
  useEffect(() => {
    const tick = () => {
      seconds.value = Math.max(0, Math.floor((Date.now() - turn.atMs) / 1000));
    };
    tick();
    const timer = window.setInterval(tick, 1000);
    return () => window.clearInterval(timer);
  }, [turn.atMs]);
  const { decision } = turn.answer;
  const model = modelOf(turn);
  return (
    <p class="sy-quiet">
      <Icon name="loading" state="sy-spin" />
      <span class="sy-part sy-part--model">{model === undefined ? t("Choosing a model") : names(model)}</span>
      {decision && <span class="sy-part sy-part--route">{describeRoute(decision)}</span>}
      <span class="sy-part">{t("{seconds}\u00a0s", { seconds: seconds.value })}</span>
    </p>
  );
}

/** The same line under an answer that nobody saw end: how long it took and what it cost was never told. */
export function TornLine({ turn }: { readonly turn: TurnView }) {
  const names = useStore().names.value;
  const { decision } = turn.answer;
  const model = modelOf(turn);
  return (
    <p class="sy-quiet">
      <span class="sy-part sy-part--model">{model === undefined ? t("No answer") : names(model)}</span>
      {decision && <span class="sy-part sy-part--route">{describeRoute(decision)}</span>}
      <span class="sy-part">{t("cost unknown")}</span>
    </p>
  );
}
