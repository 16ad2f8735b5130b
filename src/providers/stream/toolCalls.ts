import type { ProviderEvent } from "../../contract/provider.ts";
import { parseJson } from "../json.ts";
import { MAX_EVENT_CHARACTERS } from "./eventStream.ts";

/** A complete call. */
export type ToolCallEvent = Extract<ProviderEvent, { type: "toolCall" }>;

/** A part of a call as it arrives. */
export type ToolCallPart = {
  readonly index?: number | undefined;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly arguments?: string | undefined;
};

type PartialCall = { id: string; name: string; readonly parts: string[] };

/** Counted for each call in addition to its arguments, so that 16,000 calls are too many. */
const CHARACTERS_PER_CALL = 1024;

/** Assembles the tool calls of an answer from their parts. */
export class ToolCallAssembler {
  readonly #calls = new Map<string | number, PartialCall>();
  #latest: string | number | undefined;
  #argumentCharacters = 0;

  get isEmpty(): boolean {
    return this.#calls.size === 0;
  }

  get size(): number {
    return this.#calls.size;
  }

  /** Characters of arguments so far, complete or not. */
  get argumentCharacters(): number {
    return this.#argumentCharacters;
  }

  /** The calls are longer than any real answer's. */
  get isTooLarge(): boolean {
    return this.#argumentCharacters + this.#calls.size * CHARACTERS_PER_CALL > MAX_EVENT_CHARACTERS;
  }

  /** Adds a part. Without an index the id identifies the call; a part with neither belongs to the latest call. */
  add(part: ToolCallPart): void {
    const key = part.index ?? (part.id || undefined) ?? this.#latest ?? 0;
    this.#latest = key;
    let call = this.#calls.get(key);
    if (call === undefined) {
      call = { id: "", name: "", parts: [] };
      this.#calls.set(key, call);
    }
    call.id ||= part.id ?? "";
    call.name ||= part.name ?? "";
    if (part.arguments) {
      call.parts.push(part.arguments);
      this.#argumentCharacters += part.arguments.length;
    }
  }

  /**
   * The complete calls.
   * @param isTruncated the answer ended at its output limit, so a call whose arguments are not JSON is omitted
   */
  complete(isTruncated: boolean): readonly ToolCallEvent[] {
    return [...this.#calls.values()].flatMap(({ id, name, parts }, index) => {
      const argumentsJson = parts.join("") || "{}";
      if (name === "" || (isTruncated && parseJson(argumentsJson) === undefined)) return [];
      return [{ type: "toolCall" as const, id: id || `call_${index}`, name, argumentsJson }];
    });
  }
}
