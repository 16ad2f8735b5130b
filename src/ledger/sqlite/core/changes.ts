import { int, type Sql, text } from "./sql.ts";

/** What listeners subscribe to. */
export type Topic = "budget" | "health" | "conversations";

const TOPICS: readonly Topic[] = ["budget", "health", "conversations"];

/** How often changes of other processes are polled while anyone listens. */
const POLL_MS = 500;

/** Where changes are read from. The first two return undefined if the file cannot be read at the moment. */
export type ChangeSource = {
  /** Changes when another connection commits: `PRAGMA data_version`, which costs microseconds. */
  readonly dataVersion: () => number | undefined;
  /** Per topic, a text that differs after any process has changed it. */
  readonly fingerprints: () => ReadonlyMap<Topic, string> | undefined;
  /** The current day: at midnight today's spend changes without a write. */
  readonly today: () => string;
};

/**
 * Notifies listeners of changes: of this process's own at once, of other processes' at the next poll. Watching the file
 * would not show what changed; it misses commits to the write-ahead log on some platforms, and it does not work on
 * network drives.
 */
export class Changes {
  readonly #source: ChangeSource;
  readonly #pollMs: number;
  readonly #listeners = new Map<Topic, Set<() => void>>(TOPICS.map((topic) => [topic, new Set()]));
  readonly #due = new Set<Topic>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #dataVersion: number | undefined;
  #fingerprints = new Map<Topic, string>();
  #day = "";

  constructor(source: ChangeSource, pollMs: number = POLL_MS) {
    this.#source = source;
    this.#pollMs = pollMs;
  }

  /** Calls the listener after each change, until the returned function is called. */
  on(topic: Topic, listener: () => void): () => void {
    // A new function each time, because the same listener may be added twice and removed once.
    const own = () => listener();
    this.#listeners.get(topic)?.add(own);
    this.#start();
    return () => {
      this.#listeners.get(topic)?.delete(own);
    };
  }

  /** Reports a change by this process. Listeners are called after the current task. */
  own(topic: Topic): void {
    // Another process may restore the state of the last poll: forgetting it makes its commit count as a change.
    this.#fingerprints.delete(topic);
    this.#notify(topic);
  }

  /** Reports that everything may have changed, e.g. because the file was replaced. */
  everything(): void {
    this.#read();
    for (const topic of TOPICS) this.#notify(topic);
  }

  /** Looks for changes by other processes. */
  poll(): void {
    // Stopped here rather than with the last listener: a request that waits for a reservation listens only briefly.
    if ([...this.#listeners.values()].every((listeners) => listeners.size === 0)) {
      this.stop();
      return;
    }
    const day = this.#source.today();
    if (day !== this.#day) {
      this.#day = day;
      this.#notify("budget");
    }
    if (this.#source.dataVersion() === this.#dataVersion) return;
    const before = this.#fingerprints;
    this.#read();
    for (const topic of TOPICS) if (this.#fingerprints.get(topic) !== before.get(topic)) this.#notify(topic);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #start(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.poll(), this.#pollMs);
    this.#timer.unref();
    this.#day = this.#source.today();
    this.#read();
  }

  #read(): void {
    const version = this.#source.dataVersion();
    const fingerprints = this.#source.fingerprints();
    // If they cannot be read at the moment, the next poll reads them.
    if (fingerprints === undefined) return;
    this.#dataVersion = version;
    this.#fingerprints = new Map(fingerprints);
  }

  #notify(topic: Topic): void {
    if (this.#due.has(topic) || this.#listeners.get(topic)?.size === 0) return;
    this.#due.add(topic);
    queueMicrotask(() => {
      this.#due.delete(topic);
      for (const listener of [...(this.#listeners.get(topic) ?? [])]) listener();
    });
  }
}

/**
 * A fingerprint per topic. Those of budget and health are made from what is stored anyway: a counter of changes would be
 * one more page in every commit, and the number of pages is most of what a commit costs. Conversations are written rarely.
 */
export function fingerprintsOf(sql: Sql): ReadonlyMap<Topic, string> {
  // Every reservation has a new id, every settlement deletes one, and `changes` counts the changes of each day's spend.
  const budget = sql.get(
    `SELECT count(*) || ' ' || coalesce(max(id), '') || ' ' || total(reserved_nano) || ' ' ||
       (SELECT coalesce(sum(changes), 0) FROM day_total) AS fingerprint FROM reservation`,
  );
  // Latency samples are left out: no listener shows them.
  const health = sql.all("SELECT subject, breaker, pause, switched_off FROM health");
  const conversations = sql.get("SELECT change FROM conversation_clock");
  return new Map<Topic, string>([
    ["budget", budget === undefined ? "" : text(budget, "fingerprint")],
    ["health", JSON.stringify(health)],
    ["conversations", conversations === undefined ? "" : String(int(conversations, "change"))],
  ]);
}
