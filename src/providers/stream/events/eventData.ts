import { isRecord } from "../../../base/isRecord.ts";
import { parseJson, parseRecord } from "../../json.ts";

/** A part of the data of an event: a JSON object, `[DONE]`, or text that is neither. */
export type DataPart = { readonly text: string; readonly isReadable: boolean };

/** What precedes a part: white space, and the field name of an event that no line break precedes. */
const BEFORE_PART = /(?:\s|data:)*/y;
const DONE = "[DONE]";
const OPENING = /[{[]/;

/**
 * Splits the data of an event that is not one JSON object: servers that separate events by a single line break, or by
 * nothing, send several objects as the data of one event. An array of objects counts as its objects.
 */
export function* partsOf(data: string): Generator<DataPart, void> {
  for (let at = afterMatch(BEFORE_PART, data, 0); at < data.length; at = afterMatch(BEFORE_PART, data, at)) {
    const end = data.startsWith(DONE, at) ? at + DONE.length : endOfPart(data, at);
    yield* readPart(data.slice(at, end));
    at = end;
  }
}

function* readPart(text: string): Generator<DataPart, void> {
  const values = text.startsWith("[") ? parseJson(text) : undefined;
  if (Array.isArray(values) && values.length > 0 && values.every(isRecord)) {
    for (const value of values) yield { text: JSON.stringify(value), isReadable: true };
  } else yield { text, isReadable: text === DONE || parseRecord(text) !== undefined };
}

/** The end of the object or array that begins here; for other text, the end of its line. */
function endOfPart(text: string, start: number): number {
  if (!OPENING.test(text.charAt(start))) {
    const lineEnd = text.indexOf("\n", start);
    return lineEnd < 0 ? text.length : lineEnd;
  }
  let depth = 0;
  let isInString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (isInString) {
      if (character === "\\") at += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

function afterMatch(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.exec(text);
  return pattern.lastIndex;
}

/** The members that hold an answer in either wire format, and the types of the events that have them. */
const CONTENT =
  /"(?:choices|delta|message|content|content_block|text|thinking|reasoning|reasoning_content|refusal|tool_calls|function_call|arguments|partial_json)"\s*:|"(?:chat\.completion|content_block_)/;

/** The members with which the events of either format begin, of an object that has no end. */
const EVENT_BEGINNING = /^\{\s*"(?:id|object|created|model|provider|type|index)"(?!.*\}\s*$)/s;

/**
 * Whether text that cannot be parsed was an event with a piece of an answer: a delta, a text, the arguments of a call; or
 * the beginning of such an event. Without it, the answer would lack that piece.
 */
export function mayHoldContent(text: string): boolean {
  return CONTENT.test(text) || EVENT_BEGINNING.test(text);
}
