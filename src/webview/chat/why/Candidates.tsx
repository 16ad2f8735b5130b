import { t } from "@vscode/l10n";
import type { AnswerSummary, Decision } from "../../../contract/view/shown.ts";
import { type CandidateOutcome, describeCandidate } from "../../../explain/candidates.ts";
import { Icon } from "../Icon.tsx";
import { More } from "./More.tsx";
import { Passed } from "./Passed.tsx";

type CandidatesProps = {
  readonly decision: Decision;
  readonly summary: AnswerSummary;
  readonly isLast: boolean;
};

/** Of those who were not asked, more than this many are shown on request: a derived route knows dozens. */
const shownAtFirst = 8;

const icons: Readonly<Record<CandidateOutcome, readonly [name: string, state?: string]>> = {
  answered: ["check", "sy-is-good"],
  broke: ["debug-disconnect"],
  continued: ["check", "sy-is-good"],
  "not-resumed": ["arrow-swap"],
  failed: ["arrow-swap"],
  unavailable: ["circle-slash"],
  "not-asked": ["circle-outline"],
};

/** Who could have answered: the chain in its order, and everyone who was passed over, with why. */
export function Candidates({ decision, summary, isLast }: CandidatesProps) {
  const chain = decision.outcome.kind === "chosen" ? decision.outcome.chain : [];
  const steps = chain.map((step) => {
    const { outcome, text } = describeCandidate(step, chain, decision, summary);
    const [icon, state = ""] = icons[outcome];
    return {
      wasAsked: outcome !== "unavailable" && outcome !== "not-asked",
      row: (
        <li key={step.ref}>
          <Icon name={icon} state={state} />
          <span>{step.ref}</span>
          <span class="sy-reason">{text}</span>
        </li>
      ),
    };
  });
  const passed = decision.skipped.map((each) => ({
    wasAsked: false,
    row: <Passed key={each.ref} passed={each} atMs={decision.atMs} offersRemedy={isLast} />,
  }));
  const all = [...steps, ...passed];
  if (all.length === 0) return null;
  const others = all.filter(({ wasAsked }) => !wasAsked);
  // One more row takes no more room than the button that would show it.
  const behind = new Set(others.length <= shownAtFirst + 1 ? [] : others.slice(shownAtFirst));
  const rows = (those: typeof all) => <ul class="sy-passed">{those.map(({ row }) => row)}</ul>;
  return (
    <>
      <h3>{t("Candidates")}</h3>
      {rows(all.filter((each) => !behind.has(each)))}
      {behind.size > 0 && <More count={behind.size}>{rows([...behind])}</More>}
    </>
  );
}
