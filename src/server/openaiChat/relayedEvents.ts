import type { ModelRef } from "../../contract/model.ts";

/**
 * Chunks that end the answer or hold pieces of tool calls. They are replaced by chunks of our own once the answer or the
 * call is complete. (Inside of a text these quotation marks are escaped.)
 */
const NOT_RELAYED = /"(?:finish_reason":\s*"|tool_calls":\s*\[|function_call":\s*\{)/;
const MODEL = /"model":\s*"(?:[^"\\]|\\.)*"/;
const ID = /"id":\s*"((?:[^"\\]|\\.)*)"/;

/** The events of one provider's stream, rewritten for the client without parsing them. */
export class RelayedEvents {
  #ref: ModelRef | undefined;
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
    if (NOT_RELAYED.test(raw)) return undefined;
    if (this.#ref !== ref) {
      const theirs = MODEL.exec(raw)?.[0];
      if (theirs === undefined) return undefined;
      this.#ref = ref;
      this.#theirs = theirs;
      this.#ours = `"model":${JSON.stringify(ref)}`;
    }
    this.#id ??= ID.exec(raw)?.[1];
    return raw.replaceAll(this.#theirs, this.#ours);
  }
}
