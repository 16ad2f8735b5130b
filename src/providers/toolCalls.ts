import type { ProviderEvent } from "../contract/provider.ts";
import { MAX_EVENT_CHARS } from "./eventStream.ts";

/** A whole call. */
export type ToolCallEvent = Extract<ProviderEvent, { type: "toolCall" }>;
type Gathered = { id: string; name: string; readonly pieces: string[] };

/** What a call counts for besides its arguments: 16,000 calls are too many. */
const CHARACTERS_PER_CALL = 1024;

/** The tool calls of an answer, put together from their pieces. */
export class ToolCalls {
  readonly #calls = new Map<string | number, Gathered>();
  #newest: string | number | undefined;
  #argumentCharacters = 0;

  get isEmpty(): boolean {
    return this.#calls.size === 0;
  }

  /** How many characters of arguments have come, whole or not. */
  get argumentCharacters(): number {
    return this.#argumentCharacters;
  }

  /** More was sent than calls may have. */
  get isTooLarge(): boolean {
    return this.#argumentCharacters + this.#calls.size * CHARACTERS_PER_CALL > MAX_EVENT_CHARS;
  }

  /**
   * Adds a piece. Servers that leave the index out are told apart by the id, and a piece with neither belongs to the
   * newest call.
   */
  add(piece: { index?: number; id?: string; name?: string; argumentsPiece?: string }): void {
    const key = piece.index ?? (piece.id || undefined) ?? this.#newest ?? 0;
    this.#newest = key;
    const known = this.#calls.get(key);
    const call = known ?? { id: "", name: "", pieces: [] };
    if (known === undefined) this.#calls.set(key, call);
    call.id ||= piece.id ?? "";
    call.name ||= piece.name ?? "";
    if (piece.argumentsPiece) {
      call.pieces.push(piece.argumentsPiece);
      this.#argumentCharacters += piece.argumentsPiece.length;
    }
  }

  /**
   * The calls that are whole. @param isCutShort the answer stopped at its limit: a call whose arguments are no JSON
   * then is half a call, and left out
   */
  whole(isCutShort: boolean): readonly ToolCallEvent[] {
    return [...this.#calls.values()].flatMap(({ id, name, pieces }, at) => {
      const argumentsJson = pieces.join("") || "{}";
      if (name === "" || (isCutShort && !isJson(argumentsJson))) return [];
      return [{ type: "toolCall" as const, id: id || `call_${at}`, name, argumentsJson }];
    });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
