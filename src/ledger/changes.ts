/** What listeners may hear of. */
export type Topic = "budget" | "health";

const TOPICS: readonly Topic[] = ["budget", "health"];

/** How often other processes' changes are looked for while somebody listens. */
const POLL_MS = 500;

/** What tells that another process has written. Each is undefined where it cannot be read just now. */
export type ChangeSource = {
  /** Moves when another connection has committed something: `PRAGMA data_version`, which costs microseconds. */
  readonly dataVersion: () => number | undefined;
  /** What differs once a topic has changed, by whomever. */
  readonly marks: () => ReadonlyMap<Topic, string> | undefined;
  /** Today: a new day changes what was spent today, though nobody wrote anything. */
  readonly today: () => string;
};

/**
 * Tells listeners what changed: own changes at once, those of other processes at the next poll. Polling, because
 * watching the file is neither enough nor reliable: it does not say what changed, commits to a WAL are missed on some
 * platforms, and network homes tell nothing.
 */
export class Changes {
  readonly #source: ChangeSource;
  readonly #pollMs: number;
  readonly #listeners = new Map<Topic, Set<() => void>>(TOPICS.map((topic) => [topic, new Set()]));
  readonly #due = new Set<Topic>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #dataVersion: number | undefined;
  #marks = new Map<Topic, string>();
  #day = "";

  constructor(source: ChangeSource, pollMs: number = POLL_MS) {
    this.#source = source;
    this.#pollMs = pollMs;
  }

  /** Listens to a topic until the returned function is called. */
  on(topic: Topic, listener: () => void): () => void {
    // A function of its own each time: the same listener may be added twice, and removed once.
    const own = () => listener();
    this.#listeners.get(topic)?.add(own);
    this.#start();
    return () => {
      this.#listeners.get(topic)?.delete(own);
    };
  }

  /** This process has changed something: told once the current task is done. */
  own(topic: Topic): void {
    // Others may change it back to what it was when it was last looked at: their next commit tells it again.
    this.#marks.delete(topic);
    this.#tell(topic);
  }

  /** Everything may be different, e.g. because the file is another one. */
  everything(): void {
    this.#look();
    for (const topic of TOPICS) this.#tell(topic);
  }

  /** Looks for what others changed. */
  poll(): void {
    // Who waits for a reservation listens for a moment: the timer outlives that until the next poll.
    if ([...this.#listeners.values()].every((listeners) => listeners.size === 0)) {
      this.stop();
      return;
    }
    const day = this.#source.today();
    if (day !== this.#day) {
      this.#day = day;
      this.#tell("budget");
    }
    if (this.#source.dataVersion() === this.#dataVersion) return;
    const before = this.#marks;
    this.#look();
    for (const topic of TOPICS) if (this.#marks.get(topic) !== before.get(topic)) this.#tell(topic);
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
    this.#look();
  }

  #look(): void {
    const version = this.#source.dataVersion();
    const marks = this.#source.marks();
    // Where they cannot be read just now, they are looked at again at the next poll.
    if (marks === undefined) return;
    this.#dataVersion = version;
    this.#marks = new Map(marks);
  }

  #tell(topic: Topic): void {
    if (this.#due.has(topic)) return;
    this.#due.add(topic);
    queueMicrotask(() => {
      this.#due.delete(topic);
      for (const listener of [...(this.#listeners.get(topic) ?? [])]) listener();
    });
  }
}
