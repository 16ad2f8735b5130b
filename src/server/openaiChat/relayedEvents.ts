import type { ModelRef } from "../../contract/model.ts";

const MODEL = /"model":\s*"(?:[^"\\]|\\.)+"/;
const ID = /"id":\s*"((?:[^"\\]|\\.)+)"/;

/**
 * The events of one provider's stream, rewritten for the client without parsing them: providers relay only events whose
 * text can be sent on as it is (`ProviderEvent.raw`).
 */
export class RelayedEvents {
  #theirs = "";
  #ours = "";
  #id: string | undefined;

  /** The stream's own id, once an event was relayed. */
  get id(): string | undefined {
    return this.#id;
  }

  /**
   * The events as they came, with the model's ref in place of its name; undefined where they cannot be relayed.
   * @param raw whole events of the wire
   */
  rewrite(raw: string, ref: ModelRef): string | undefined {
    if (this.#theirs === "" || !raw.includes(this.#theirs)) {
      const theirs = MODEL.exec(raw)?.[0];
      if (theirs === undefined) return undefined;
      this.#theirs = theirs;
      this.#ours = `"model":${JSON.stringify(ref)}`;
    }
    this.#id ??= ID.exec(raw)?.[1];
    return raw.replaceAll(this.#theirs, this.#ours);
  }
}
