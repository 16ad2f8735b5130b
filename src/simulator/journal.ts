/** What a request was, and how its connection ended. */
export type SimulatedRequest = {
  readonly number: number;
  readonly wire: "openai" | "anthropic";
  readonly model: string;
  readonly atMs: number;
  /** Without the key. */
  readonly headers: Readonly<Record<string, string>>;
  /** Left out for all but the newest requests. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly outcome: "answering" | "answered" | "broken" | "closedByClient";
};

const MAX_REQUESTS = 10_000;
const MAX_BODIES = 200;

/** Remembers what came, and tells those who wait for it. */
export class Journal {
  readonly #requests = new Map<number, SimulatedRequest>();
  readonly #arrivals = new Queue<SimulatedRequest>();
  readonly #closed = new Queue<SimulatedRequest>();
  #count = 0;

  /** All requests so far, those that were forgotten included. */
  get count(): number {
    return this.#count;
  }

  list(): readonly SimulatedRequest[] {
    return [...this.#requests.values()];
  }

  arrived(request: Omit<SimulatedRequest, "number" | "outcome">): number {
    this.#count += 1;
    const number = this.#count;
    const record: SimulatedRequest = { ...request, number, outcome: "answering" };
    this.#requests.set(number, record);
    this.#requests.delete(number - MAX_REQUESTS);
    const old = this.#requests.get(number - MAX_BODIES);
    if (old !== undefined) {
      const { body: _, ...rest } = old;
      this.#requests.set(old.number, rest);
    }
    this.#arrivals.push(record);
    return number;
  }

  ended(number: number, outcome: SimulatedRequest["outcome"]): void {
    const request = this.#requests.get(number);
    if (request === undefined || request.outcome !== "answering") return;
    const record = { ...request, outcome };
    this.#requests.set(number, record);
    if (outcome === "closedByClient") this.#closed.push(record);
  }

  nextArrival(): Promise<SimulatedRequest> {
    return this.#arrivals.take();
  }

  nextClosed(): Promise<SimulatedRequest> {
    return this.#closed.take();
  }
}

/** Each item goes to one taker, also to one who comes later. */
class Queue<Item> {
  #items: Item[] = [];
  readonly #takers: ((item: Item) => void)[] = [];

  push(item: Item): void {
    const taker = this.#takers.shift();
    if (taker !== undefined) taker(item);
    else this.#items = [...this.#items.slice(-MAX_BODIES), item];
  }

  take(): Promise<Item> {
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => this.#takers.push(resolve));
  }
}
