import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { AnswerSummary, Decision, Skipped } from "../../../contract/view/types.ts";
import {
  type CandidateOutcome,
  describeCandidate,
  skippedBesideChain,
} from "../../../explain/decision/candidates.ts";
import { describeSkipped, skippedAdvice } from "../../../explain/decision/skipped.ts";
import { providerName, providerOf } from "../../../explain/names.ts";
import { type Action, Icon, LinkButton } from "../../ui/buttons.tsx";
import { announceExpansion } from "../conversation/scrolling.ts";
import { type Store, useStore } from "../state/store.ts";

type CandidatesProps = {
  readonly decision: Decision;
  readonly summary: AnswerSummary;
  readonly isLast: boolean;
};

/** More candidates that were not asked are behind a button: a built-in route has dozens. */
const SHOWN_AT_FIRST = 8;

const icons: Readonly<Record<CandidateOutcome, readonly [name: string, state?: string]>> = {
  answered: ["check", "sy-is-good"],
  broke: ["debug-disconnect"],
  continued: ["check", "sy-is-good"],
  "not-resumed": ["arrow-swap"],
  failed: ["arrow-swap"],
  stopped: ["debug-stop"],
  unavailable: ["circle-slash"],
  "not-asked": ["circle-outline"],
};

/** All models that could have answered: the chain in its order, then the skipped ones with their reasons. */
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
  const skipped = skippedBesideChain(decision).map((candidate) => ({
    wasAsked: false,
    row: (
      <SkippedCandidate key={candidate.ref} skipped={candidate} atMs={decision.atMs} offersAction={isLast} />
    ),
  }));
  const all = [...steps, ...skipped];
  if (all.length === 0) return null;
  const notAsked = all.filter(({ wasAsked }) => !wasAsked);
  // One more row takes no more space than the button would.
  const hidden = new Set(notAsked.length <= SHOWN_AT_FIRST + 1 ? [] : notAsked.slice(SHOWN_AT_FIRST));
  const rows = (candidates: typeof all) => <ul class="sy-candidates">{candidates.map(({ row }) => row)}</ul>;
  return (
    <>
      <h3>{l10n.t("Candidates")}</h3>
      {rows(all.filter((candidate) => !hidden.has(candidate)))}
      {hidden.size > 0 && <ShowMore count={hidden.size}>{rows([...hidden])}</ShowMore>}
    </>
  );
}

type SkippedCandidateProps = {
  readonly skipped: Skipped;
  /** When the decision was made. */
  readonly atMs: number;
  readonly offersAction?: boolean | undefined;
};

/** A skipped candidate: why, and what makes it available. */
export function SkippedCandidate({ skipped, atMs, offersAction = false }: SkippedCandidateProps) {
  const store = useStore();
  const provider = providerName(providerOf(skipped.ref), store.shell.value.providerNames);
  const advice = skippedAdvice(skipped, provider);
  const action = offersAction ? actionFor(skipped, store) : undefined;
  const reason = describeSkipped(skipped, atMs);
  return (
    <li>
      <Icon name="circle-slash" />
      <span>{skipped.ref}</span>
      <span class="sy-reason">
        {advice === undefined && action === undefined ? reason : `${reason}.`}
        {advice !== undefined && ` ${advice}`}
        {action && (
          <>
            {" "}
            <LinkButton onClick={action.run}>{action.name}</LinkButton>
          </>
        )}
      </span>
    </li>
  );
}

function actionFor({ reason, ref }: Skipped, store: Store): Action | undefined {
  switch (reason) {
    case "no-key":
      return { name: l10n.t("Add a key…"), run: () => store.post({ type: "command", command: "addKey" }) };
    case "breaker-open":
      return { name: l10n.t("Resume"), run: () => store.post({ type: "resetBreaker", ref }) };
    case "auth":
    case "forbidden":
      return {
        name: l10n.t("Replace the key…"),
        run: () => store.post({ type: "replaceKey", provider: providerOf(ref) }),
      };
    case "invalid-provider":
    case "not-found":
      return {
        name: l10n.t("Open settings…"),
        run: () => store.post({ type: "command", command: "openSettings" }),
      };
    default:
      return undefined;
  }
}

type ShowMoreProps = { readonly count: number; readonly children: ComponentChildren };

/** Shows the rest of a list in place. The button stays where it is and keeps the focus. */
function ShowMore({ count, children }: ShowMoreProps) {
  const isOpen = useSignal(false);
  const id = useId();
  return (
    <>
      <button
        type="button"
        class="sy-why-rest"
        aria-expanded={isOpen.value}
        aria-controls={isOpen.value ? id : undefined}
        onClick={(event) => {
          announceExpansion(event.currentTarget);
          isOpen.value = !isOpen.value;
        }}
      >
        <span>{l10n.t("and {count} more", { count })}</span>
        <Icon name={isOpen.value ? "chevron-up" : "chevron-down"} />
      </button>
      {isOpen.value && <div id={id}>{children}</div>}
    </>
  );
}
