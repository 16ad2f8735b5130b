import type { AnswerLength } from "../../../contract/history.ts";
import type { Database } from "../core/database.ts";
import { answerLengths } from "./decisions.ts";

/** How long lengths are reused while this process has new answers. */
const LENGTHS_MS = 500;

/**
 * The lengths of answers, kept by the arguments of the query. Every decision needs them, and a query of 100 answers takes
 * 0.09 ms of processor time (2026-11-29), more than classifying and deciding together (`npm run bench decide`).
 */
export class KnownLengths {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #lengths = new Map<string, readonly AnswerLength[]>();
  #areStale = false;
  #readMs: number;

  /** @param now milliseconds since 1970 */
  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
    this.#readMs = now();
  }

  /** To be called after an answer of this process was stored. */
  outdate(): void {
    this.#areStale = true;
  }

  async of(routes: readonly string[], command: string | undefined): Promise<readonly AnswerLength[]> {
    const nowMs = this.#now();
    // The clock may be set back.
    if (this.#areStale && Math.abs(nowMs - this.#readMs) > LENGTHS_MS) {
      this.#lengths.clear();
      this.#areStale = false;
      this.#readMs = nowMs;
    }
    const key = [command, ...routes].join("\n");
    const known = this.#lengths.get(key);
    if (known !== undefined) return known;
    const lengths = await this.#database.read((sql) => answerLengths(sql, routes, command));
    this.#lengths.set(key, lengths);
    return lengths;
  }
}
