import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { isRecord } from "../base/isRecord.ts";

/** A syntax error. Lines and columns count from 1. */
export type JsoncError = { readonly line: number; readonly column: number; readonly message: string };

export type JsoncRead = {
  /** The object's properties. Those before a syntax error are read too. */
  readonly raw: Readonly<Record<string, unknown>>;
  readonly errors: readonly JsoncError[];
};

/** Reads an object as VS Code writes its settings files: JSON with comments and trailing commas. */
export function readJsonc(text: string): JsoncRead {
  const found: ParseError[] = [];
  const value: unknown = parse(text, found, { allowTrailingComma: true, allowEmptyContent: true });
  const errors = found.map(({ error, offset }) => ({
    ...positionOf(text, offset),
    message: `${sentence(printParseErrorCode(error))}.`,
  }));
  if (isRecord(value)) return { raw: value, errors };
  const isOther = value !== undefined && errors.length === 0;
  const message = "Expected an object: { … }.";
  return { raw: {}, errors: isOther ? [{ line: 1, column: 1, message }] : errors };
}

function positionOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

/** `CommaExpected` → `Comma expected`. */
function sentence(code: string): string {
  return code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
