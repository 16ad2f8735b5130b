import { useSignal } from "@preact/signals";
import { t } from "@vscode/l10n";
import type { AnswerSummary, Decision, PassedOver } from "../../../contract/view/shown.ts";
import { candidateWords } from "../../words/candidates.ts";
import { passedOverWords } from "../../words/passedOver.ts";
import { Icon } from "../Icon.tsx";
import { LinkButton } from "../LinkButton.tsx";
import { useStore } from "../services.ts";

type CandidatesProps = {
  readonly decision: Decision;
  readonly summary: AnswerSummary;
  readonly isLast: boolean;
};

/** More than this many candidates are shown on request: a derived route knows dozens. */
const shownAtFirst = 8;

/** Who could have answered: the chain in its order, and everyone who was passed over, with why. */
export function Candidates({ decision, summary, isLast }: CandidatesProps) {
  const all = useSignal(false);
  const chain = decision.outcome.kind === "chosen" ? decision.outcome.chain : [];
  const rows = [
    ...chain.map((step, index) => {
      const { tried, words } = candidateWords(step, index, summary);
      const [icon, state] = {
        answered: ["check", "sy-is-good"],
        failed: ["arrow-swap"],
        not: ["circle-outline"],
      }[tried];
      return (
        <li key={step.ref}>
          <Icon name={icon ?? ""} state={state ?? ""} />
          <span>{step.ref}</span>
          <span class="sy-reason">{words}</span>
        </li>
      );
    }),
    ...decision.passedOver.map((passed) => (
      <li key={passed.ref}>
        <Icon name="circle-slash" />
        <span>{passed.ref}</span>
        <span class="sy-reason">
          {passedOverWords(passed, decision.atMs)}
          {isLast && <Remedy passed={passed} />}
        </span>
      </li>
    )),
  ];
  if (rows.length === 0) return null;
  const hidden = rows.length - shownAtFirst;
  // One more row takes no more room than the button that would show it.
  const shown = all.value || hidden < 2 ? rows : rows.slice(0, shownAtFirst);
  return (
    <>
      <h3>{t("Candidates")}</h3>
      <ul class="sy-passed">{shown}</ul>
      {shown.length < rows.length && (
        <p class="sy-why-more">
          <LinkButton
            onClick={() => {
              all.value = true;
            }}
          >
            {t("Show {count} more", { count: hidden })}
          </LinkButton>
        </p>
      )}
    </>
  );
}

/** What would make a candidate one again, where a click can do it. */
function Remedy({ passed }: { readonly passed: PassedOver }) {
  const store = useStore();
  switch (passed.reason) {
    case "no-key":
      return (
        <>
          .{" "}
          <LinkButton onClick={() => store.post({ type: "command", command: "addKey" })}>
            {t("Add a key…")}
          </LinkButton>
        </>
      );
    case "breaker-open":
      return (
        <>
          .{" "}
          <LinkButton onClick={() => store.post({ type: "resetBreaker", ref: passed.ref })}>
            {t("Ask it again now")}
          </LinkButton>
        </>
      );
    default:
      return null;
  }
}
