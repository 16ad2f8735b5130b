/** The input of `decide`: lines, and the prompt in each of them. */
import { StringDecoder } from "node:string_decoder";
import * as v from "valibot";
import { isRecord } from "../../base/isRecord.ts";
import { parseBoundedJson } from "../../base/json.ts";
import { ESCALATION_REASONS } from "../../contract/decision.ts";
import { issueTexts } from "../../settings/problems.ts";
import { count, userTier } from "../../settings/values.ts";
import { rejectUtf16 } from "../textFile.ts";

/** The longest line, in UTF-16 code units. */
const MAX_LINE_LENGTH = 16 * 1024 * 1024;

/** One line of the input. Numbers count from 1. If the line is too long, its text is empty. */
export type Line = { readonly number: number; readonly text: string; readonly isTooLong: boolean };

/**
 * Splits a UTF-8 stream into lines, which end with `\n` or `\r\n`. Keeps at most the longest line in memory, which
 * `node:readline` does not bound.
 */
export class LineSplitter {
  readonly #decoder = new StringDecoder("utf8");
  readonly #maxLength: number;
  #rest = "";
  #isTooLong = false;
  #number = 0;
  #hasStarted = false;

  constructor(maxLength = MAX_LINE_LENGTH) {
    this.#maxLength = maxLength;
  }

  /** The lines that a chunk completes. @throws UsageError if the stream is UTF-16 */
  push(chunk: Uint8Array): readonly Line[] {
    if (!this.#hasStarted) rejectUtf16(chunk, "the input");
    this.#hasStarted = true;
    const [first = "", ...others] = this.#decoder.write(chunk).split("\n");
    const last = others.pop();
    const lines = last === undefined ? [] : [this.#rest + first, ...others].map((text) => this.#line(text));
    this.#rest = last ?? this.#rest + first;
    if (this.#rest.length > this.#maxLength) {
      this.#isTooLong = true;
      this.#rest = "";
    }
    return lines;
  }

  /** The last line, if it has no line break. */
  end(): readonly Line[] {
    const text = this.#rest + this.#decoder.end();
    return text === "" && !this.#isTooLong ? [] : [this.#line(text)];
  }

  #line(text: string): Line {
    this.#number += 1;
    const isTooLong = this.#isTooLong || text.length > this.#maxLength;
    this.#isTooLong = false;
    return { number: this.#number, text: isTooLong ? "" : this.#trimmed(text), isTooLong };
  }

  /** Removes the byte order mark of a file and the carriage return of a line. */
  #trimmed(text: string): string {
    const start = this.#number === 1 && text.startsWith("\uFEFF") ? 1 : 0;
    return text.slice(start, text.endsWith("\r") ? -1 : undefined);
  }
}

const promptLine = v.strictObject({
  prompt: v.string(),
  context: v.exactOptional(v.string()),
  command: v.exactOptional(v.string()),
  language: v.exactOptional(v.string()),
  paths: v.exactOptional(v.array(v.string())),
  user: v.exactOptional(v.string()),
  tier: v.exactOptional(userTier),
  conversation: v.exactOptional(v.string()),
  expectedOutputTokens: v.exactOptional(count()),
  /** The answer becomes an edit of code, which is checked. */
  edit: v.exactOptional(v.boolean()),
  /** The last answer of the conversation was not good enough: its prompt is decided again, for a stronger model. */
  act: v.exactOptional(v.picklist(ESCALATION_REASONS)),
});

/** A prompt of the input, with what is known about it. */
export type PromptLine = Readonly<v.InferOutput<typeof promptLine>>;

const FIELDS: ReadonlySet<string> = new Set(Object.keys(promptLine.entries));

export type PromptRead =
  | { readonly kind: "prompt"; readonly prompt: PromptLine; readonly unknownFields: readonly string[] }
  | { readonly kind: "invalid"; readonly error: string };

/** Reads the prompt in a line. Unknown fields are allowed: data often has more columns. */
export function readPrompt({ text, isTooLong }: Omit<Line, "number">): PromptRead {
  if (isTooLong) return { kind: "invalid", error: `The line is longer than ${MAX_LINE_LENGTH} characters.` };
  let value: unknown;
  try {
    value = parseBoundedJson(text);
  } catch (error) {
    return { kind: "invalid", error: `Invalid JSON: ${error instanceof Error ? error.message : error}` };
  }
  if (!isRecord(value)) return { kind: "invalid", error: "Expected a JSON object." };
  // Tables that were converted to JSON have null in empty cells.
  const given = Object.fromEntries(
    Object.entries(value).filter(([name, field]) => FIELDS.has(name) && field !== null),
  );
  const result = v.safeParse(promptLine, given);
  if (!result.success) {
    const [error = "The line is invalid."] = issueTexts(result.issues, given);
    return { kind: "invalid", error };
  }
  const unknownFields = Object.keys(value).filter((name) => !FIELDS.has(name));
  return { kind: "prompt", prompt: result.output, unknownFields };
}
