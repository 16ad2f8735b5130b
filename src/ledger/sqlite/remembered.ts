import { dataVersion } from "./dataVersion.ts";
import type { Sql } from "./sql.ts";

/**
 * What was read of the file, given again as long as nobody has written what it hangs on. Whether another connection has
 * committed anything is asked once in a turn of the event loop: a request asks several times in one, and each costs as
 * much as a small query. Who writes it on this connection says so by `forget`.
 */
export class Remembered<T extends object> {
  readonly #load: (sql: Sql) => T;
  #known: { readonly value: T; readonly of: Sql; readonly version: number } | undefined;
  #isAsked = false;

  constructor(load: (sql: Sql) => T) {
    this.#load = load;
  }

  /** As it is now, or was in this turn. */
  in(sql: Sql): T {
    if (this.#isAsked && this.#known?.of === sql) return this.#known.value;
    // Asked before it is read: what is committed in between is read again, and never missed.
    const version = dataVersion(sql);
    if (!this.#isAsked) {
      this.#isAsked = true;
      setImmediate(() => {
        this.#isAsked = false;
      });
    }
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
