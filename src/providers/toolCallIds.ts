import { createHash } from "node:crypto";

/** Which ids of tool calls a provider accepts, and how long the ids are that replace others. */
export type IdRule = { readonly accepted: RegExp; readonly characters: number };

/**
 * The ids of one request's tool calls as its provider accepts them. Others are replaced by a hash, which is the same in
 * every request, so that the provider's prompt cache holds. A conversation may use an id for several calls, as some
 * servers number their calls from zero in each answer: the second one and those after it get ids of their own.
 */
export class ToolCallIds {
  readonly #rule: IdRule;
  /** The ids that were sent for each of the conversation's own ids. */
  readonly #sent = new Map<string, string[]>();
  /** How many results each of them has. */
  readonly #results = new Map<string, number>();

  constructor(rule: IdRule) {
    this.#rule = rule;
  }

  /** The id of the next call. Calls and results are passed in the order of the conversation. */
  ofCall(id: string): string {
    const earlier = this.#sent.get(id) ?? [];
    const sent = this.#acceptable(id, earlier.length);
    this.#sent.set(id, [...earlier, sent]);
    return sent;
  }

  /** The id of the call that the next result answers: of several with the same id, the first one without a result. */
  ofResult(id: string): string {
    const calls = this.#sent.get(id) ?? [];
    const answered = this.#results.get(id) ?? 0;
    this.#results.set(id, answered + 1);
    return calls[answered] ?? calls.at(-1) ?? this.#acceptable(id, 0);
  }

  #acceptable(id: string, earlierCalls: number): string {
    const { accepted, characters } = this.#rule;
    if (earlierCalls === 0 && accepted.test(id)) return id;
    // Nine of 62 letters and digits: in a conversation of 1,000 calls, two are the same with a probability of 4 in 10⁻¹¹.
    const hash = createHash("sha256").update(`${earlierCalls} ${id}`).digest("base64url");
    return hash.replaceAll(/[-_]/g, "").slice(0, characters);
  }
}
