import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import { parseBoundedJson } from "../../../base/json.ts";

/** `node:sqlite`, passed in because it is loaded late: loading it takes milliseconds that activation does not have. */
export type SqliteModule = { readonly DatabaseSync: typeof DatabaseSync };

/** A row as SQLite returns it. The functions below read its columns with a type. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** One connection. Statements are compiled once; their texts are constants of the program, so there are few. */
export class Sql {
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #dataVersion: number | undefined;

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  /** Returns the first row. */
  get(statement: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#prepared(statement).get(...values);
  }

  all(statement: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#prepared(statement).all(...values);
  }

  /** Returns the rows one by one: those before a damaged page can still be read. */
  each(statement: string, ...values: readonly SQLInputValue[]): Iterable<Row> {
    return this.#prepared(statement).iterate(...values);
  }

  /** Returns how many rows were changed. */
  run(statement: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#prepared(statement).run(...values).changes);
  }

  /** Runs several statements without values. */
  script(statements: string): void {
    this.#connection.exec(statements);
  }

  /** Makes a function of one text argument callable from statements. Null stays null. */
  define(name: string, body: (text: string) => string): void {
    this.#connection.function(name, { deterministic: true }, (value) =>
      typeof value === "string" ? body(value) : value,
    );
  }

  /**
   * Runs `body` in a transaction that holds the write lock: all of it is committed, or nothing.
   * @throws what `body` throws, and SQLite's "busy" (errors.ts) if another process holds the lock
   */
  transact<T>(body: (sql: Sql) => T): T {
    this.run("BEGIN IMMEDIATE");
    try {
      const result = body(this);
      this.run("COMMIT");
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  /**
   * A number that changes when another connection commits. It is queried once per turn of the event loop, because a
   * request needs it several times, and each query costs as much as a small read.
   */
  dataVersion(): number {
    if (this.#dataVersion !== undefined) return this.#dataVersion;
    const row = this.get("PRAGMA data_version");
    const version = row === undefined ? 0 : int(row, "data_version");
    this.#dataVersion = version;
    setImmediate(() => {
      this.#dataVersion = undefined;
    });
    return version;
  }

  close(): void {
    this.#statements.clear();
    if (this.#connection.isOpen) this.#connection.close();
  }

  /** After some errors, e.g. a full disk, SQLite has rolled back already, and this fails; the first error matters. */
  #rollBack(): void {
    try {
      this.run("ROLLBACK");
    } catch {}
  }

  #prepared(statement: string): StatementSync {
    const known = this.#statements.get(statement);
    if (known !== undefined) return known;
    const prepared = this.#connection.prepare(statement);
    this.#statements.set(statement, prepared);
    return prepared;
  }
}

/** @throws TypeError if the column is not an integer, or too large to be exact */
export function int(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw unexpected(column, "an integer");
}

/** @throws TypeError if the column is not a number */
export function real(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === "number") return value;
  throw unexpected(column, "a number");
}

/** @throws TypeError if the column is not a text */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === "string") return value;
  throw unexpected(column, "a text");
}

/** @throws TypeError if the column is not a blob */
export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (value instanceof Uint8Array) return value;
  throw unexpected(column, "a blob");
}

/** An integer column that may be null. */
export function optionalInt(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : int(row, column);
}

/** A text column that may be null. */
export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

/**
 * A column of JSON. Its shape is not validated again: it was written from a value of this type, by this version or by an
 * older one whose rows the schema steps have upgraded.
 */
export function json<T>(row: Row, column: string): T {
  return parseBoundedJson(text(row, column)) as T;
}

/** A column of JSON that may be null. */
export function optionalJson<T>(row: Row, column: string): T | undefined {
  return row[column] === null ? undefined : json<T>(row, column);
}

function unexpected(column: string, expected: string): TypeError {
  return new TypeError(`The ledger's column ${column} is not ${expected}.`);
}
