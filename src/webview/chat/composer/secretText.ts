import * as l10n from "@vscode/l10n";
import type { HeldPrompt, PlacedSecret } from "../../../contract/view/secretMessages.ts";
import type { ModelNames } from "../../../explain/names.ts";
import { chipName, lastPart } from "../context/chipText.ts";

/** The title of the question about a prompt that is held. */
export function heldPromptTitle({ secrets }: HeldPrompt): string {
  if (secrets.length > 1) return l10n.t("These look like secrets");
  return secrets[0]?.secret === "password"
    ? l10n.t("This looks like a password")
    : l10n.t("This looks like a key");
}

/** What is held and why, for screen readers. */
export function describeHeldPrompt(held: HeldPrompt, names: ModelNames): string {
  const sentences = held.secrets.map(({ place, secret }) => describeSecret(placeText(place), secret));
  return [`${heldPromptTitle(held)}.`, ...sentences, describeRemoteModel(held, names)].join(" ");
}

/** The sentence that names the model that would receive the prompt. */
export function describeRemoteModel({ model }: HeldPrompt, names: ModelNames): string {
  return l10n.t("{model} does not run on this machine.", { model: names(model) });
}

/** @param secret what it is, in English: “GitHub Token” */
export function describeSecret(place: string, secret: string): string {
  return startsWithVowelSound(secret)
    ? l10n.t("{place} holds what looks like an {secret}.", { place, secret })
    : l10n.t("{place} holds what looks like a {secret}.", { place, secret });
}

/** Where a secret is: `config.ts:14`, “The prompt, line 3”. */
export function placeText(place: PlacedSecret["place"]): string {
  switch (place.kind) {
    case "prompt":
      return place.line === undefined
        ? l10n.t("The prompt")
        : l10n.t("Line {line} of the prompt", { line: place.line });
    case "instructions":
      return l10n.t("The command’s own prompt");
    case "earlier-prompt":
      return l10n.t("An earlier prompt");
    case "earlier-answer":
      return l10n.t("An earlier answer");
    case "context": {
      const { item, line } = place;
      // Its name is the command that was run, which may be what holds the secret.
      if (item.kind === "terminal") return l10n.t("The terminal’s output");
      if (line === undefined || !("path" in item) || item.path === undefined) return chipName(item);
      return `${lastPart(item.path)}:${line}`;
    }
  }
}

/** English names of secrets are spelled out where they begin with capitals: an AWS key, an SSH key, a JSON Web Token. */
function startsWithVowelSound(name: string): boolean {
  return /^(?:[AEFHILMNORSX][A-Z]|[AEIO]|[aeio]|npm|xAI)/.test(name);
}
