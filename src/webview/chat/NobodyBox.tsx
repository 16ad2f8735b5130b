import { t } from "@vscode/l10n";
import type { Decision, PassedOver } from "../../contract/view/shown.ts";
import { type Action, Actions } from "./Actions.tsx";
import { Box } from "./Box.tsx";
import { useStore } from "./services.ts";
import type { Store } from "./store.ts";
import { Passed } from "./why/Passed.tsx";

type NobodyBoxProps = {
  readonly turnId: string;
  readonly decision: Decision | undefined;
  readonly isLast: boolean;
};

/** A prompt that no candidate of its route may be asked: who they are, and what would help. */
export function NobodyBox({ turnId, decision, isLast }: NobodyBoxProps) {
  const store = useStore();
  const passed = decision?.skipped ?? [];
  const shown = passed.slice(0, 4);
  return (
    <Box kind="warning" name={t("Not sent")} title={title(passed)}>
      {shown.length > 0 && (
        <ul class="sy-passed">
          {shown.map((each) => (
            <Passed key={each.ref} passed={each} atMs={decision?.atMs ?? 0} />
          ))}
        </ul>
      )}
      {passed.length > shown.length && (
        <p class="sy-quiet-text">{t("And {count} more.", { count: passed.length - shown.length })}</p>
      )}
      {isLast && <Actions actions={waysOut(passed, turnId, store)} />}
    </Box>
  );
}

function title(passed: readonly PassedOver[]): string {
  switch (commonReason(passed)) {
    case "no-key":
      return t("No key is set for any model of this route");
    case "context-window":
      return t("Too long for every model of this route");
    case "private":
      return t("Private content stays on this machine, and no local model can answer");
    case "breaker-open":
      return t("Every model of this route is paused");
    case "switched-off":
      return t("Every model of this route is switched off");
    default:
      return t("No model of this route can answer now");
  }
}

/** The reason of all of them, where they share one. */
function commonReason(passed: readonly PassedOver[]): PassedOver["reason"] | undefined {
  const first = passed[0]?.reason;
  return passed.every(({ reason }) => reason === first) ? first : undefined;
}

function waysOut(passed: readonly PassedOver[], turnId: string, store: Store): Action[] {
  const has = (...reasons: PassedOver["reason"][]) => passed.some(({ reason }) => reasons.includes(reason));
  const retry: Action = { name: t("Try again"), run: () => store.post({ type: "retry", turnId }) };
  const all: [offered: boolean, action: Action][] = [
    [
      has("no-key", "auth"),
      { name: t("Add a key…"), run: () => store.post({ type: "command", command: "addKey" }) },
    ],
    [
      has("private") && !has("no-key"),
      {
        name: t("Find local models"),
        run: () => store.post({ type: "command", command: "findLocalModels" }),
      },
    ],
    [has("breaker-open", "rate-limit", "quota"), retry],
    [
      has("below-min-quality", "tier", "capability", "unknown-price", "not-found") || passed.length === 0,
      { name: t("Edit routes…"), run: () => store.post({ type: "command", command: "editRoutes" }) },
    ],
  ];
  return all.flatMap(([offered, action]) => (offered ? [action] : [])).slice(0, 2);
}
