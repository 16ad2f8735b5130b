import { t } from "@vscode/l10n";
import type { PassedOver } from "../../../contract/view/shown.ts";
import { providerName, providerOf } from "../../../explain/names.ts";
import { describeSkipped, skippedAdvice } from "../../../explain/skipped.ts";
import type { Action } from "../Actions.tsx";
import { Icon } from "../Icon.tsx";
import { LinkButton } from "../LinkButton.tsx";
import { useStore } from "../services.ts";
import type { Store } from "../store.ts";

type PassedProps = {
  readonly passed: PassedOver;
  /** When it was decided. */
  readonly atMs: number;
  /** Whether what a click can do about it is offered. */
  readonly offersRemedy?: boolean;
};

/** Somebody who could have answered and was passed over: why, and what would change that. */
export function Passed({ passed, atMs, offersRemedy = false }: PassedProps) {
  const store = useStore();
  const provider = providerName(providerOf(passed.ref), store.shell.value.providerNames);
  const advice = skippedAdvice(passed, provider);
  const remedy = offersRemedy ? remedyOf(passed, store) : undefined;
  const reason = describeSkipped(passed, atMs);
  return (
    <li>
      <Icon name="circle-slash" />
      <span>{passed.ref}</span>
      <span class="sy-reason">
        {advice === undefined && remedy === undefined ? reason : `${reason}.`}
        {advice !== undefined && ` ${advice}`}
        {remedy && (
          <>
            {" "}
            <LinkButton onClick={remedy.run}>{remedy.name}</LinkButton>
          </>
        )}
      </span>
    </li>
  );
}

/** What would make a candidate one again, where a click can do it. */
function remedyOf(passed: PassedOver, store: Store): Action | undefined {
  const { ref } = passed;
  switch (passed.reason) {
    case "no-key":
      return { name: t("Add a key…"), run: () => store.post({ type: "command", command: "addKey" }) };
    case "breaker-open":
      return { name: t("Ask it again now"), run: () => store.post({ type: "resetBreaker", ref }) };
    case "auth":
    case "forbidden":
      return {
        name: t("Replace the key…"),
        run: () => store.post({ type: "replaceKey", provider: providerOf(ref) }),
      };
    case "not-found":
      return {
        name: t("Open settings…"),
        run: () => store.post({ type: "command", command: "openSettings" }),
      };
    default:
      return undefined;
  }
}
