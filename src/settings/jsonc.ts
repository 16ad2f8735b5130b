import { createScanner, type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { isRecord } from "../base/isRecord.ts";
import { MAX_JSON_DEPTH } from "../base/json.ts";

/** A syntax error. Lines and columns count from 1. */
export type JsoncError = { readonly line: number; readonly column: number; readonly message: string };

export type JsoncRead = {
  /** The object's properties. Those before a syntax error are read too. */
  readonly raw: Readonly<Record<string, unknown>>;
  readonly errors: readonly JsoncError[];
};

/** Further syntax errors are counted, not listed: most follow from the first ones. */
const MAX_ERRORS = 10;

/** Reads an object as VS Code writes its settings files: JSON with comments and trailing commas. */
export function readJsonc(text: string): JsoncRead {
  const deepOffset = offsetOfExcessiveDepth(text);
  if (deepOffset !== undefined) {
    const message = `Nested more than ${MAX_JSON_DEPTH} levels deep, so nothing of the file was read.`;
    return { raw: {}, errors: [{ ...positionOf(text, deepOffset), message }] };
  }
  const found: ParseError[] = [];
  const value: unknown = parse(text, found, { allowTrailingComma: true, allowEmptyContent: true });
  const errors = found.slice(0, MAX_ERRORS).map(({ error, offset }) => ({
    ...positionOf(text, offset),
    message: `${sentence(printParseErrorCode(error))}.`,
  }));
  const next = found[MAX_ERRORS];
  if (next !== undefined) {
    const more = found.length - MAX_ERRORS;
    errors.push({ ...positionOf(text, next.offset), message: `${more} more syntax errors follow.` });
  }
  if (isRecord(value)) return { raw: value, errors };
  const isOther = value !== undefined && errors.length === 0;
  const message = "Expected an object: { … }.";
  return { raw: {}, errors: isOther ? [{ line: 1, column: 1, message }] : errors };
}

/** Where the nesting becomes too deep for the parser, which is recursive. */
function offsetOfExcessiveDepth(text: string): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    const first = text[scanner.getTokenOffset()];
    if (first === "{" || first === "[") depth += 1;
    else if (first === "}" || first === "]") depth -= 1;
    if (depth > MAX_JSON_DEPTH) return scanner.getTokenOffset();
  }
  return undefined;
}

function positionOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

/** `CommaExpected` → `Comma expected`. */
function sentence(code: string): string {
  return code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
