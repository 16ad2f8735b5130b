import { type ReadonlySignal, useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import type { TurnView } from "../../../contract/view/conversationMessages.ts";
import type { AnswerSummary } from "../../../contract/view/types.ts";
import { describeRoute } from "../../../explain/decision/routes.ts";
import { formatDuration, formatElapsed } from "../../../explain/format.ts";
import { describeAnswerCost, describeCost } from "../../../explain/money.ts";
import { Icon } from "../../ui/buttons.tsx";
import { Details } from "../details/Details.tsx";
import { modelOf } from "../state/reducer.ts";
import { useStore } from "../state/store.ts";
import { announceExpansion, revealPanel } from "./scrolling.ts";
import { AnswerTools } from "./tools/AnswerTools.tsx";

type AnswerFooterProps = {
  readonly turn: TurnView;
  readonly text: ReadonlySignal<string>;
  readonly isBusy: boolean;
  readonly isLast: boolean;
};

/** Below an answer: the quiet line, the details that it expands, and the buttons of the answer. */
export function AnswerFooter({ turn, text, isBusy, isLast }: AnswerFooterProps) {
  const isOpen = useSignal(false);
  const id = useId();
  const footer = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const line = footer.current?.querySelector<HTMLElement>(".sy-quiet");
    const panel = footer.current?.querySelector<HTMLElement>(".sy-why");
    if (line && panel) revealPanel(line, panel);
  }, [isOpen.value]);
  const toggle = () => {
    announceExpansion(footer.current);
    isOpen.value = !isOpen.value;
  };
  const { summary, decision } = turn.answer;
  if (isBusy || summary === undefined) {
    return (
      <div class="sy-foot">
        {isBusy ? <BusyLine turn={turn} /> : <InterruptedLine turn={turn} />}
        {!isBusy && <AnswerTools turn={turn} text={text} />}
      </div>
    );
  }
  return (
    <div class="sy-foot" ref={footer}>
      <QuietLine turn={turn} summary={summary} isOpen={isOpen.value} controls={id} onToggle={toggle} />
      {isOpen.value && decision && (
        <Details
          id={id}
          turnId={turn.id}
          decision={decision}
          decidedInMs={turn.answer.decidedInMs}
          summary={summary}
          isLast={isLast}
        />
      )}
      <AnswerTools turn={turn} text={text} />
    </div>
  );
}

type QuietLineProps = {
  readonly turn: TurnView;
  readonly summary: AnswerSummary;
  readonly isOpen: boolean;
  /** The id of the details. */
  readonly controls: string;
  readonly onToggle: () => void;
};

/** Model · route · cost · time. The line is a button that shows the details. */
function QuietLine({ turn, summary, isOpen, controls, onToggle }: QuietLineProps) {
  const names = useStore().names.value;
  const model = modelOf(turn);
  const question = model === undefined ? l10n.t("Why?") : l10n.t("Why this model?");
  const noModel = summary.ending.kind === "not-sent" ? l10n.t("Not sent") : l10n.t("No answer");
  return (
    <button
      type="button"
      class="sy-quiet sy-quiet--why"
      aria-expanded={isOpen}
      aria-controls={isOpen ? controls : undefined}
      title={question}
      onClick={onToggle}
    >
      <span class="sy-hidden-text">{question} </span>
      <span class="sy-quiet-line">
        <LineStart turn={turn} model={model === undefined ? noModel : names(model)} />
        <CostAndTime summary={summary} />
        <Icon name={isOpen ? "chevron-up" : "chevron-down"} />
      </span>
      <span class="sy-quiet-why" aria-hidden="true">
        {question}
      </span>
    </button>
  );
}

function LineStart({ turn, model }: { readonly turn: TurnView; readonly model: string }) {
  const { decision } = turn.answer;
  return (
    <>
      <Part name="model" text={model} />
      {decision && <Part name="route" text={describeRoute(decision)} />}
    </>
  );
}

/** A part of this length or less is never cut: the rest of it would not be shorter than the part. */
const SHORT_PART = 5;

/** A part of the line that gives way where the line is too long. */
function Part({ name, text }: { readonly name: "model" | "route"; readonly text: string }) {
  if (text.length <= SHORT_PART) return <span class="sy-part">{text}</span>;
  return (
    <span class={`sy-part sy-part--${name}`} title={text}>
      {text}
    </span>
  );
}

function CostAndTime({ summary }: { readonly summary: AnswerSummary }) {
  const { tookMs, ending } = summary;
  if (ending.kind === "not-sent") return null;
  return (
    <>
      <span class="sy-part">{describeAnswerCost(summary)}</span>
      <span class="sy-part">{formatDuration(tookMs)}</span>
    </>
  );
}

/** The quiet line while the answer is being written, with the time so far. */
function BusyLine({ turn }: { readonly turn: TurnView }) {
  const { names, scheduler } = useStore();
  const elapsed = useSignal(formatElapsed(scheduler.now() - turn.atMs));
  useEffect(() => {
    const update = () => {
      elapsed.value = formatElapsed(scheduler.now() - turn.atMs);
    };
    update();
    return scheduler.every(1000, update);
  }, [turn.atMs]);
  const model = modelOf(turn);
  return (
    <p class="sy-quiet">
      <Icon name="loading" state="sy-spin" />
      <LineStart turn={turn} model={model === undefined ? l10n.t("Choosing a model") : names.value(model)} />
      <span class="sy-part">{elapsed.value}</span>
    </p>
  );
}

/** The quiet line of an answer that was interrupted: its cost and time are not known. */
function InterruptedLine({ turn }: { readonly turn: TurnView }): ComponentChildren {
  const names = useStore().names.value;
  const model = modelOf(turn);
  return (
    <p class="sy-quiet">
      <LineStart turn={turn} model={model === undefined ? l10n.t("No answer") : names(model)} />
      <span class="sy-part">{describeCost({ kind: "unknown" })}</span>
    </p>
  );
}
