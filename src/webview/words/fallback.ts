import { t } from "@vscode/l10n";
import type { FallbackNote } from "../../contract/view/shown.ts";
import type { Names } from "./names.ts";

/** “{first} was overloaded, so {second} answered.”; `answered` is false where the second failed too, or has yet to. */
export function fallbackWords(note: FallbackNote, answered: boolean, names: Names): string {
  const models = { first: names(note.from), second: names(note.to) };
  switch (note.failure.kind) {
    case "rate-limited":
      return answered
        ? t("{first} reached its rate limit, so {second} answered.", models)
        : t("{first} reached its rate limit, so {second} was asked.", models);
    case "overloaded":
      return answered
        ? t("{first} was overloaded, so {second} answered.", models)
        : t("{first} was overloaded, so {second} was asked.", models);
    case "timeout":
      return answered
        ? t("{first} took too long, so {second} answered.", models)
        : t("{first} took too long, so {second} was asked.", models);
    case "cut":
      return answered
        ? t("The connection to {first} broke, so {second} answered.", models)
        : t("The connection to {first} broke, so {second} was asked.", models);
    case "auth":
      return answered
        ? t("The key for {first} was not accepted, so {second} answered.", models)
        : t("The key for {first} was not accepted, so {second} was asked.", models);
    case "quota":
      return answered
        ? t("The credit for {first} is used up, so {second} answered.", models)
        : t("The credit for {first} is used up, so {second} was asked.", models);
    case "unreachable":
      return answered
        ? t("{first} was not reachable, so {second} answered.", models)
        : t("{first} was not reachable, so {second} was asked.", models);
    case "not-found":
    case "forbidden":
      return answered
        ? t("{first} is not available with this key, so {second} answered.", models)
        : t("{first} is not available with this key, so {second} was asked.", models);
    case "context-length":
      return answered
        ? t("The prompt is too long for {first}, so {second} answered.", models)
        : t("The prompt is too long for {first}, so {second} was asked.", models);
    default:
      return answered
        ? t("{first} gave no answer, so {second} answered.", models)
        : t("{first} gave no answer, so {second} was asked.", models);
  }
}
