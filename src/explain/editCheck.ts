/** What a check of an edit found, as one short line. */
import * as l10n from "@vscode/l10n";
import type { CheckFailure, EditCheck, UncheckedReason } from "../contract/edit/editCheck.ts";
import { formatDuration } from "./format.ts";

/** Returns `2 new errors`, `No new errors`, `Not checked: nothing reports errors for this language`. */
export function describeCheck(check: EditCheck): string {
  switch (check.kind) {
    case "passed":
      return check.by === "diagnostics" ? l10n.t("No new errors") : l10n.t("The verify command passed");
    case "failed":
      return check.failures.map(describeFailure).join(" · ");
    case "unchecked":
      return describeUnchecked(check.reason);
  }
}

/** Returns `2 new errors`, `1 problem is not fixed`, `The verify command failed (exit code 1)`. */
export function describeFailure(failure: CheckFailure): string {
  switch (failure.kind) {
    case "new-errors": {
      const count = failure.problems.length;
      return count === 1 ? l10n.t("1 new error") : l10n.t("{count} new errors", { count });
    }
    case "not-fixed": {
      const count = failure.problems.length;
      return count === 1
        ? l10n.t("1 problem is not fixed")
        : l10n.t("{count} problems are not fixed", { count });
    }
    case "command-failed":
      return describeExit(failure.exit);
  }
}

/** Returns `The verify command failed (exit code 1)`. */
export function describeExit(exit: Extract<CheckFailure, { kind: "command-failed" }>["exit"]): string {
  switch (exit.kind) {
    case "exited":
      return l10n.t("The verify command failed (exit code {code})", { code: exit.code });
    case "killed":
      return l10n.t("The verify command was ended");
    case "timed-out":
      return l10n.t("The verify command was not complete after {time}", {
        time: formatDuration(exit.afterMs),
      });
  }
}

function describeUnchecked(reason: UncheckedReason): string {
  switch (reason) {
    case "no-language-server":
      return l10n.t("Not checked: nothing reports errors for this language");
    case "not-settled":
      return l10n.t("Not checked: the errors of this file were not known in time");
    case "changed":
      return l10n.t("Not checked: the file has changed meanwhile");
    case "command-not-run":
      return l10n.t("Not checked: the verify command did not run");
  }
}
