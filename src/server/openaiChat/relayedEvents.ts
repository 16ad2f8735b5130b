import type { ModelRef } from "../../contract/model.ts";

const MODEL = /"model":\s*"(?:[^"\\]|\\.)+"/;
const ID = /"id":\s*"((?:[^"\\]|\\.)+)"/;

/**
 * Rewrites the events of one provider's stream for the client, without parsing them. Providers set `ProviderEvent.raw`
 * only for events that can be relayed.
 */
export class RelayedEvents {
  /** The model field as the provider writes it, and its replacement. */
  #providerField = "";
  #refField = "";
  #id: string | undefined;

  /** The id of the provider's stream; undefined before the first relayed event. */
  get id(): string | undefined {
    return this.#id;
  }

  /**
   * The provider's events with the model's ref in place of its name; undefined if they do not name a model.
   * @param raw complete server-sent events
   */
  rewrite(raw: string, ref: ModelRef): string | undefined {
    if (this.#providerField === "" || !raw.includes(this.#providerField)) {
      const providerField = MODEL.exec(raw)?.[0];
      if (providerField === undefined) return undefined;
      this.#providerField = providerField;
      this.#refField = `"model":${JSON.stringify(ref)}`;
    }
    this.#id ??= ID.exec(raw)?.[1];
    return raw.replaceAll(this.#providerField, this.#refField);
  }
}
