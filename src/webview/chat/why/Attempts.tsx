import { t } from "@vscode/l10n";
import type { Attempt } from "../../../contract/view/shown.ts";
import { describeAttempt, describeAttemptCost, describePurpose } from "../../../explain/attempts.ts";
import { formatDuration } from "../../../explain/format.ts";
import { Icon } from "../Icon.tsx";

/** Each call of a model, from the first to the one that answered. */
export function Attempts({ attempts }: { readonly attempts: readonly Attempt[] }) {
  if (attempts.length === 0) return null;
  return (
    <>
      <h3>{t("Attempts")}</h3>
      <ol class="sy-steps">
        {attempts.map((attempt, index) => (
          <li key={attempt.startedMs}>
            <OutcomeIcon outcome={attempt.outcome} />
            <span>{attempt.ref}</span>
            <span class="sy-num" title={t("Time from the start of the request")}>
              {formatDuration(attempt.startedMs)}
            </span>
            <span class="sy-reason">
              {describePurpose(attempt)} {describeAttempt(attempt, isSame(attempt, attempts[index - 1]))}{" "}
              {attempt.outcome.kind !== "answered" && describeAttemptCost(attempt)}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

function OutcomeIcon({ outcome }: Pick<Attempt, "outcome">) {
  switch (outcome.kind) {
    case "answered":
      return <Icon name="pass-filled" state="sy-is-good" />;
    case "not-resumed":
      return <Icon name="circle-slash" />;
    case "failed":
      return outcome.failure.kind === "cancelled" ? (
        <Icon name="debug-stop" />
      ) : (
        <Icon name="error" state="sy-is-error" />
      );
  }
}

/** The same was asked of the same model. */
function isSame(attempt: Attempt, before: Attempt | undefined): boolean {
  return before?.ref === attempt.ref && before.resumeMethod === attempt.resumeMethod;
}
