import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { Row } from "./rows.ts";

/** A connection's statements: each is compiled once. The texts are constants of the program, so they are few. */
export class Sql {
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  /** The first row. */
  get(statement: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#prepared(statement).get(...values);
  }

  /** All rows. */
  all(statement: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#prepared(statement).all(...values);
  }

  /** The rows one by one, as far as they can be read. */
  each(statement: string, ...values: readonly SQLInputValue[]): Iterable<Row> {
    return this.#prepared(statement).iterate(...values);
  }

  /** How many rows were changed. */
  run(statement: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#prepared(statement).run(...values).changes);
  }

  /** Several statements without values. */
  script(statements: string): void {
    this.#connection.exec(statements);
  }

  /** All of it, or nothing: while it runs nobody else writes. @throws what `body` throws, and "busy" (errors.ts) */
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

  close(): void {
    this.#statements.clear();
    if (this.#connection.isOpen) this.#connection.close();
  }

  /** SQLite rolls back by itself after some errors (a full disk), and then refuses to do it again. */
  #rollBack(): void {
    try {
      this.run("ROLLBACK");
    } catch {
      // The first error is the one that matters.
    }
  }

  #prepared(statement: string): StatementSync {
    const known = this.#statements.get(statement);
    if (known !== undefined) return known;
    const prepared = this.#connection.prepare(statement);
    this.#statements.set(statement, prepared);
    return prepared;
  }
}
