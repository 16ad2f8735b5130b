import { t } from "@vscode/l10n";
import type { FailureRecord } from "../../contract/view/shown.ts";
import { waitWords } from "./durations.ts";

/** Who failed: the model, as it is called, and its provider's name. */
export type Failed = { readonly model: string; readonly provider: string };

/** What happened, as the title of an error. */
export function failureTitle(failure: FailureRecord, failed: Failed): string {
  switch (failure.kind) {
    case "auth":
      return t("{provider} did not accept the key", failed);
    case "quota":
      return t("The credit at {provider} is used up", failed);
    case "rate-limited":
      return t("{provider} limits how much may be asked now", failed);
    case "overloaded":
      return t("{model} is overloaded", failed);
    case "timeout":
      return t("{model} took too long", failed);
    case "cut":
      return t("The connection to {model} broke", failed);
    case "empty":
      return t("{model} gave an empty answer", failed);
    case "context-length":
      return t("The prompt is too long for {model}", failed);
    case "refused":
      return t("{model} refused to answer", failed);
    case "forbidden":
      return t("{provider} does not allow this key to use {model}", failed);
    case "not-found":
      return t("{provider} does not have {model}", failed);
    case "unreachable":
      return t("{provider} is not reachable", failed);
    case "bad-request":
      return t("{provider} did not accept the request", failed);
    case "malformed":
      return t("{provider} sent something that is no answer", failed);
    case "cancelled":
      return t("Stopped before {model} answered", failed);
  }
}

/** What to do about it, where words help more than a button. */
export function failureAdvice(failure: FailureRecord): string | undefined {
  switch (failure.kind) {
    case "quota":
      return t("Add credit at the provider, or ask another model.");
    case "rate-limited":
      return failure.retryAfterMs === undefined
        ? undefined
        : t("It may be asked again in {wait}.", { wait: waitWords(failure.retryAfterMs) });
    case "context-length":
      return t("Remove some of the context, or start a new conversation.");
    case "unreachable":
      return t("Check that its server runs and that its address in the settings is right.");
    case "not-found":
      return t("Check the model’s name and the provider’s address in the settings.");
    default:
      return undefined;
  }
}

/** The provider's own words, quoted, with the status. */
export function saidWords({ message: words, status }: FailureRecord): string {
  return status === undefined ? t("“{words}”", { words }) : t("“{words}” ({status})", { words, status });
}
