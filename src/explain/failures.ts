import * as l10n from "@vscode/l10n";
import type { FallbackNote } from "../contract/conversation.ts";
import type { FailureRecord } from "../contract/failure.ts";
import { formatWait } from "./format.ts";
import type { ModelNames } from "./names.ts";

/** The display names of the model that failed and of its provider. */
export type FailedNames = { readonly model: string; readonly provider: string };

/** A failure in a few words, with its HTTP status if it has one: “Overloaded (529)”. */
export function describeFailure(failure: FailureRecord): string {
  const kind = describeKind(failure);
  return failure.status === undefined
    ? kind
    : l10n.t("{failure} ({status})", { failure: kind, status: failure.status });
}

function describeKind(failure: FailureRecord): string {
  const { kind, phase, capability } = failure;
  switch (kind) {
    case "rate-limited":
      return l10n.t("Rate limit reached");
    case "overloaded":
      return l10n.t("Overloaded");
    case "timeout":
      if (phase === "first-token") return l10n.t("No text in time");
      return phase === "idle" ? l10n.t("Stalled") : l10n.t("No response");
    case "cut":
      return l10n.t("Connection broke");
    case "empty":
      return l10n.t("Empty answer");
    case "context-length":
      return l10n.t("Prompt too long");
    case "too-large":
      return l10n.t("Larger than its rate limit");
    case "capability":
      return capability === "vision" ? l10n.t("Takes no images") : l10n.t("Takes no tools");
    case "refused":
      return l10n.t("Refused");
    case "auth":
      return l10n.t("Key rejected");
    case "forbidden":
      return l10n.t("Not allowed");
    case "not-found":
      return l10n.t("Not found");
    case "quota":
      return l10n.t("Out of credit or quota");
    case "unreachable":
      return failure.isOffline === true ? l10n.t("Offline") : l10n.t("Not reachable");
    case "certificate":
      return l10n.t("Certificate not accepted");
    case "bad-request":
      return l10n.t("Request rejected");
    case "malformed":
      return l10n.t("Invalid response");
    case "cancelled":
      return l10n.t("Stopped");
  }
}

/** The title of an error: what happened. */
export function failureTitle(failure: FailureRecord, names: FailedNames): string {
  switch (failure.kind) {
    case "auth":
      return l10n.t("{provider} rejected the key", names);
    case "quota":
      return l10n.t("The credit or quota at {provider} is used up", names);
    case "rate-limited":
      return l10n.t("The rate limit of {provider} is reached", names);
    case "overloaded":
      return l10n.t("{model} is overloaded", names);
    case "timeout":
      return l10n.t("{model} took too long", names);
    case "cut":
      return l10n.t("The connection to {model} broke", names);
    case "empty":
      return l10n.t("{model} returned an empty answer", names);
    case "context-length":
      return l10n.t("The prompt is too long for {model}", names);
    case "too-large":
      return l10n.t("The request is larger than the rate limit of {model}", names);
    case "capability":
      return failure.capability === "vision"
        ? l10n.t("{model} takes no images", names)
        : l10n.t("{model} takes no tools", names);
    case "refused":
      return l10n.t("{model} refused to answer", names);
    case "forbidden":
      return l10n.t("{provider} does not allow this key to use {model}", names);
    case "not-found":
      return l10n.t("{provider} does not have {model}", names);
    case "unreachable":
      return failure.isOffline === true
        ? l10n.t("This machine is offline")
        : l10n.t("{provider} is not reachable", names);
    case "certificate":
      return l10n.t("The certificate of {provider} is not accepted", names);
    case "bad-request":
      return l10n.t("{provider} rejected the request", names);
    case "malformed":
      return l10n.t("{provider} sent an invalid response", names);
    case "cancelled":
      return l10n.t("Stopped before {model} answered", names);
  }
}

/** What the user can do about a failure, as a sentence; undefined where a button does it or nothing helps. */
export function failureAdvice(failure: FailureRecord): string | undefined {
  switch (failure.kind) {
    case "quota":
      return failure.retryAfterMs === undefined
        ? l10n.t("Add credit at the provider, or choose another model.")
        : l10n.t("Try again in {wait}, or choose another model.", { wait: formatWait(failure.retryAfterMs) });
    case "rate-limited":
      return failure.retryAfterMs === undefined
        ? undefined
        : l10n.t("Try again in {wait}.", { wait: formatWait(failure.retryAfterMs) });
    case "context-length":
    case "too-large":
      return l10n.t("Remove some of the context, or start a new conversation.");
    case "capability":
      return l10n.t("Choose another model.");
    case "unreachable":
      if (failure.isOffline === true) return l10n.t("Connect to a network, or use a local model.");
      return l10n.t("Check the network, that its server is running, and its address in the settings.");
    case "not-found":
      return l10n.t("Check the model’s name and the provider’s address in the settings.");
    case "overloaded":
    case "timeout":
    case "cut":
    case "empty":
    case "refused":
    case "auth":
    case "forbidden":
    case "certificate":
    case "bad-request":
    case "malformed":
    case "cancelled":
      return undefined;
  }
}

/** The provider's own message in quotation marks, with the HTTP status. */
export function quoteFailure({ message, status }: FailureRecord): string {
  return status === undefined || message.startsWith(`${status} `)
    ? l10n.t("“{message}”", { message })
    : l10n.t("“{message}” ({status})", { message, status });
}

/** Why the next model was used: “{first} was overloaded, so {second} answered.” `answered`: it gave the answer. */
export function describeFallback(note: FallbackNote, answered: boolean, names: ModelNames): string {
  const models = { first: names(note.from), second: names(note.to) };
  switch (note.failure.kind) {
    case "rate-limited":
      return answered
        ? l10n.t("{first} reached its rate limit, so {second} answered.", models)
        : l10n.t("{first} reached its rate limit, so {second} was asked.", models);
    case "overloaded":
      return answered
        ? l10n.t("{first} was overloaded, so {second} answered.", models)
        : l10n.t("{first} was overloaded, so {second} was asked.", models);
    case "timeout":
      return answered
        ? l10n.t("{first} took too long, so {second} answered.", models)
        : l10n.t("{first} took too long, so {second} was asked.", models);
    case "cut":
      return answered
        ? l10n.t("The connection to {first} broke, so {second} answered.", models)
        : l10n.t("The connection to {first} broke, so {second} was asked.", models);
    case "auth":
      return answered
        ? l10n.t("The key for {first} was rejected, so {second} answered.", models)
        : l10n.t("The key for {first} was rejected, so {second} was asked.", models);
    case "quota":
      return answered
        ? l10n.t("The credit or quota for {first} is used up, so {second} answered.", models)
        : l10n.t("The credit or quota for {first} is used up, so {second} was asked.", models);
    case "unreachable":
      if (note.failure.isOffline === true) {
        return answered
          ? l10n.t("This machine is offline, so {second} answered.", models)
          : l10n.t("This machine is offline, so {second} was asked.", models);
      }
      return describeNotReached(models, answered);
    case "certificate":
      return describeNotReached(models, answered);
    case "not-found":
    case "forbidden":
      return answered
        ? l10n.t("{first} is not available with this key, so {second} answered.", models)
        : l10n.t("{first} is not available with this key, so {second} was asked.", models);
    case "context-length":
      return answered
        ? l10n.t("The prompt is too long for {first}, so {second} answered.", models)
        : l10n.t("The prompt is too long for {first}, so {second} was asked.", models);
    case "too-large":
      return answered
        ? l10n.t("The request is larger than the rate limit of {first}, so {second} answered.", models)
        : l10n.t("The request is larger than the rate limit of {first}, so {second} was asked.", models);
    case "capability":
      if (note.failure.capability === "vision") {
        return answered
          ? l10n.t("{first} takes no images, so {second} answered.", models)
          : l10n.t("{first} takes no images, so {second} was asked.", models);
      }
      return answered
        ? l10n.t("{first} takes no tools, so {second} answered.", models)
        : l10n.t("{first} takes no tools, so {second} was asked.", models);
    case "bad-request":
      return answered
        ? l10n.t("{first} rejected the request, so {second} answered.", models)
        : l10n.t("{first} rejected the request, so {second} was asked.", models);
    case "empty":
    case "refused":
    case "malformed":
    case "cancelled":
      return answered
        ? l10n.t("{first} gave no answer, so {second} answered.", models)
        : l10n.t("{first} gave no answer, so {second} was asked.", models);
  }
}

function describeNotReached(
  models: { readonly first: string; readonly second: string },
  answered: boolean,
): string {
  return answered
    ? l10n.t("{first} was not reachable, so {second} answered.", models)
    : l10n.t("{first} was not reachable, so {second} was asked.", models);
}
