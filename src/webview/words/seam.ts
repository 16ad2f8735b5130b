import { t } from "@vscode/l10n";
import type { Seam } from "../../contract/view/shown.ts";
import type { Names } from "./names.ts";

/** What stands where an answer was torn and another model went on with it. */
export function seamWords({ from, to: by }: Seam, names: Names): string {
  return t("The connection to {first} broke here. {second} continued.", {
    first: names(from),
    second: names(by),
  });
}
