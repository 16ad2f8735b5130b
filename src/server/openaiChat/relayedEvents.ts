import type { ModelRef } from "../../contract/model.ts";

const MODEL = /"model":\s*"(?:[^"\\]|\\.)*"/;
const ID = /"id":\s*"((?:[^"\\]|\\.)*)"/;

/**
 * The events of one provider's stream, rewritten for the client without parsing them: providers relay only events whose
 * text can be sent on as it is (`ProviderEvent.raw`).
 */
export class RelayedEvents {
  #ref: ModelRef | undefined;
  /** The model field as the provider writes it, and its replacement. */
  #providerField = "";
  #refField = "";
  #id: string | undefined;

  /** The id of the provider's stream; undefined before the first relayed event. */
  get id(): string | undefined {
    return this.#id;
  }

  /**
   * The provider's events with the model's ref in place of its name; undefined if they cannot be relayed.
   * @param raw complete server-sent events
   */
  rewrite(raw: string, ref: ModelRef): string | undefined {
    if (this.#ref !== ref) {
      const providerField = MODEL.exec(raw)?.[0];
      if (providerField === undefined) return undefined;
      this.#ref = ref;
      this.#providerField = providerField;
      this.#refField = `"model":${JSON.stringify(ref)}`;
    }
    this.#id ??= ID.exec(raw)?.[1];
    return raw.replaceAll(this.#providerField, this.#refField);
  }
}
