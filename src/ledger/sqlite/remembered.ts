import { dataVersion } from "./dataVersion.ts";
import type { Sql } from "./sql.ts";

/**
 * What was read of the file, given again as long as nobody has written what it hangs on. Whether another connection has
 * committed anything is asked each turn (dataVersion.ts); who writes it on this connection says so by `forget`.
 */
export class Remembered<T extends object> {
  readonly #load: (sql: Sql) => T;
  #known: { readonly value: T; readonly of: Sql; readonly version: number } | undefined;

  constructor(load: (sql: Sql) => T) {
    this.#load = load;
  }

  /** As it is now, or was in this turn. */
  in(sql: Sql): T {
    // Asked before it is read: what is committed in between is read again, and never missed.
    const version = dataVersion(sql);
    if (this.#known?.of === sql && this.#known.version === version) return this.#known.value;
    const value = this.#load(sql);
    this.#known = { value, of: sql, version };
    return value;
  }

  /** To be called within the transaction that writes it. */
  forget(): void {
    this.#known = undefined;
  }
}
