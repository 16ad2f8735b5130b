import { isRecord } from "../../../base/isRecord.ts";
import type { WireFieldsEvent } from "../../../contract/provider/provider.ts";
import type { Redaction } from "../../errors/redaction.ts";
import type { Json } from "../../json.ts";

/**
 * Which fields of the answer are kept that other formats do not have: `unrelayed`, those of events that are not relayed.
 * `none`: the answer is not for a client of this format, so that reasoning between tags is separated from the text.
 */
export type KeptFields = "none" | "unrelayed" | "all";

/** Fields that are reported in other ways. */
const ANSWER_FIELDS_READ: readonly string[] = [
  "id",
  "object",
  "created",
  "model",
  "choices",
  "usage",
  "error",
];
const CHOICE_FIELDS_READ: readonly string[] = [
  "index",
  "delta",
  "message",
  "finish_reason",
  "logprobs",
  "text",
];

/** Lists of a message whose parts arrive in one chunk after the other. */
const MESSAGE_LISTS = ["annotations", "reasoning_details", "images"] as const;

/** More than the log probabilities of the longest answer. */
const MAX_CHARACTERS = 32_000_000;

/** Collects the fields of an answer that other formats do not have, from its chunks. */
export class AnswerFields {
  readonly #answer = new Map<string, unknown>();
  readonly #choice = new Map<string, unknown>();
  readonly #lists = new Map<string, unknown[]>();
  readonly #logprobs = new Map<string, unknown[]>();
  #characters = 0;

  /** Adds those of a chunk, or of an answer in one piece. @param characters the length of its JSON */
  add(chunk: Json, choice: Json, message: Json, characters: number): void {
    this.#characters += characters;
    if (this.#characters > MAX_CHARACTERS) return;
    setOthers(this.#answer, chunk, ANSWER_FIELDS_READ);
    setOthers(this.#choice, choice, CHOICE_FIELDS_READ);
    for (const name of MESSAGE_LISTS) append(this.#lists, name, message[name]);
    const { logprobs } = choice;
    for (const [name, list] of isRecord(logprobs) ? Object.entries(logprobs) : []) {
      append(this.#logprobs, name, list);
    }
  }

  /**
   * The fields so far; undefined if there are none. Those that contain the provider's key are left out.
   * @param refusal the model's own refusal; empty if it did not refuse
   */
  event(refusal: string, redaction: Redaction): WireFieldsEvent | undefined {
    // A part of them would be wrong.
    const isCut = this.#characters > MAX_CHARACTERS;
    const cleaned = (fields: ReadonlyMap<string, unknown>): Json => {
      const record = Object.fromEntries(fields);
      return isCut || fields.size === 0 || redaction.isIn(JSON.stringify(record)) ? {} : record;
    };
    const logprobs =
      isCut || this.#logprobs.size === 0 ? {} : { logprobs: Object.fromEntries(this.#logprobs) };
    const event = {
      type: "wireFields",
      answer: cleaned(this.#answer),
      choice: { ...cleaned(this.#choice), ...logprobs },
      message: {
        ...cleaned(this.#lists),
        ...(refusal === "" ? {} : { refusal: redaction.redact(refusal) }),
      },
    } as const;
    const groups = [event.answer, event.choice, event.message];
    return groups.some((fields) => Object.keys(fields).length > 0) ? event : undefined;
  }
}

function setOthers(fields: Map<string, unknown>, from: Json, read: readonly string[]): void {
  for (const [name, value] of Object.entries(from)) {
    if (value !== null && !read.includes(name)) fields.set(name, value);
  }
}

function append(lists: Map<string, unknown[]>, name: string, list: unknown): void {
  if (!Array.isArray(list)) return;
  const known = lists.get(name);
  if (known === undefined) lists.set(name, [...list]);
  else for (const item of list) known.push(item);
}
