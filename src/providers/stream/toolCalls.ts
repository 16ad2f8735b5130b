import type { ProviderEvent } from "../../contract/provider/provider.ts";
import { type Json, parseJson } from "../json.ts";
import { partsOf } from "./events/eventData.ts";
import { MAX_EVENT_CHARACTERS } from "./events/eventStream.ts";

/** A complete call. */
export type ToolCallEvent = Extract<ProviderEvent, { type: "toolCall" }>;

/** A part of a call as it arrives. */
export type ToolCallPart = {
  readonly index?: number | undefined;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly arguments?: string | undefined;
  /** Fields of the provider's own. */
  readonly extra?: Json | undefined;
};

/** The calls of a complete answer. */
export type CompleteCalls = {
  readonly calls: readonly ToolCallEvent[];
  /** Why a call cannot be made; undefined if all can. */
  readonly problem: string | undefined;
};

type PartialCall = {
  id: string;
  name: string;
  readonly parts: string[];
  /** The arguments, if the only part has all of them. */
  whole: string | undefined;
  readonly extra: Map<string, unknown>;
};

/** Counted for each call in addition to its arguments, so that 16,000 calls are too many. */
const CHARACTERS_PER_CALL = 1024;

/**
 * Assembles the tool calls of an answer from their parts. An index identifies the call of a part, else an id does; a
 * part with neither belongs to the latest call. A part with a new id and a name, or with another name, begins a new call
 * whatever its index is: some servers send all calls with index 0.
 */
export class ToolCallAssembler {
  readonly #calls: PartialCall[] = [];
  readonly #byIndex = new Map<number, PartialCall>();
  readonly #byId = new Map<string, PartialCall>();
  #argumentCharacters = 0;

  get isEmpty(): boolean {
    return this.#calls.length === 0;
  }

  get size(): number {
    return this.#calls.length;
  }

  /** Characters of arguments so far, complete or not. */
  get argumentCharacters(): number {
    return this.#argumentCharacters;
  }

  /** The calls are longer than any real answer's. */
  get isTooLarge(): boolean {
    return this.#argumentCharacters + this.#calls.length * CHARACTERS_PER_CALL > MAX_EVENT_CHARACTERS;
  }

  add(part: ToolCallPart): void {
    const { index, id = "", name = "", arguments: text = "", extra = {} } = part;
    const known = this.#callOf(part);
    const whole = name !== "" && text.startsWith("{") ? parsedArguments(text) : undefined;
    const call = known === undefined || isAnother(known, part, whole) ? this.#begin() : known;
    if (index !== undefined) this.#byIndex.set(index, call);
    if (id !== "") this.#byId.set(id, call);
    call.id ||= id;
    call.name ||= name;
    for (const [field, value] of Object.entries(extra)) call.extra.set(field, value);
    if (text === "" || (whole !== undefined && whole === call.whole)) return;
    call.whole = call.parts.length === 0 ? whole : undefined;
    call.parts.push(text);
    this.#argumentCharacters += text.length;
  }

  /**
   * The complete calls.
   * @param isTruncated the answer ended at its output limit, so a call whose arguments are not JSON is omitted
   */
  complete(isTruncated: boolean): CompleteCalls {
    const calls: ToolCallEvent[] = [];
    const ids = new Set<string>();
    let problem: string | undefined;
    for (const [index, { id, name, parts, extra }] of this.#calls.entries()) {
      const argumentsJson = argumentsOf(parts.join(""));
      if (name !== "" && argumentsJson !== undefined) {
        const own = id || `call_${index}`;
        const unique = ids.has(own) ? `${own}_${index}` : own;
        ids.add(unique);
        const fields = extra.size === 0 ? {} : { extra: Object.fromEntries(extra) };
        calls.push({ type: "toolCall", id: unique, name, argumentsJson, ...fields });
      } else if (!isTruncated && parts.length > 0) {
        problem ??=
          name === "" ? "a tool call has no name" : `the arguments of the tool call ${name} are not JSON`;
      }
    }
    return { calls, problem };
  }

  #callOf({ index, id }: ToolCallPart): PartialCall | undefined {
    if (index !== undefined) return this.#byIndex.get(index);
    return id === undefined || id === "" ? this.#calls.at(-1) : this.#byId.get(id);
  }

  #begin(): PartialCall {
    const call = { id: "", name: "", parts: [], whole: undefined, extra: new Map() };
    this.#calls.push(call);
    return call;
  }
}

/**
 * Whether a part begins another call than the one that its index or id belongs to.
 * @param whole the part's arguments, if it has all of a call's
 */
function isAnother(
  call: PartialCall,
  { id = "", name = "" }: ToolCallPart,
  whole: string | undefined,
): boolean {
  if (name === "" || call.name === "") return false;
  if (name !== call.name || (id !== "" && call.id !== "" && id !== call.id)) return true;
  // A server without ids, or with the same for all: other complete arguments belong to a second call of the same tool.
  return whole !== undefined && call.whole !== undefined && whole !== call.whole;
}

/** Arguments in one spelling; undefined if they are not complete, or empty. */
function parsedArguments(text: string): string | undefined {
  const json = JSON.stringify(parseJson(text));
  return json === "{}" ? undefined : json;
}

/**
 * The arguments of a call. Some servers send them a second time as a whole, or an empty object before them. Undefined if
 * they are not JSON.
 */
function argumentsOf(text: string): string | undefined {
  if (text.trim() === "") return "{}";
  if (parseJson(text) !== undefined) return text;
  let found: string | undefined;
  for (const part of partsOf(text)) {
    const json = part.isReadable ? (parsedArguments(part.text) ?? found) : undefined;
    if (!part.isReadable || (found !== undefined && json !== found)) return undefined;
    found = json;
  }
  return found ?? "{}";
}
