import type { SQLOutputValue } from "node:sqlite";

/** A row as SQLite gives it. What leaves this file has a type. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** An integer column. @throws TypeError where it is none, or is too large to be exact */
export function int(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw new TypeError(`The ledger's column ${column} holds no integer.`);
}

/** A column of real numbers. @throws TypeError where it holds none */
export function real(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === "number") return value;
  throw new TypeError(`The ledger's column ${column} holds no number.`);
}

/** An integer column that may be null. */
export function optionalInt(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : int(row, column);
}

/** A text column. @throws TypeError where it is none */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === "string") return value;
  throw new TypeError(`The ledger's column ${column} holds no text.`);
}

/** A column of bytes. @throws TypeError where it holds none */
export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`The ledger's column ${column} holds no bytes.`);
}

/** A text column that may be null. */
export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

/**
 * A column that holds plain data as JSON. Its shape is not checked again: only this version or an older one, whose rows
 * the migrations brought up to date, has written it, from a value of this very type.
 */
export function json<T>(row: Row, column: string): T {
  return JSON.parse(text(row, column)) as T;
}

/** The same for a column that may be null. */
export function optionalJson<T>(row: Row, column: string): T | undefined {
  return row[column] === null ? undefined : json<T>(row, column);
}
