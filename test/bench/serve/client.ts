import { Pool } from "undici";

/** What a client saw of one answer; times in milliseconds since the request was sent. */
export type Seen = { readonly firstMs: number; readonly totalMs: number; readonly events: number };

/** A client with kept connections, which counts what comes and reads no more of it than it must. */
export class Client {
  readonly #pool: Pool;
  readonly #model: string;
  readonly #token: string;

  constructor(origin: string, model: string, token: string) {
    this.#pool = new Pool(origin, { connections: 128, pipelining: 1, bodyTimeout: 0, headersTimeout: 0 });
    this.#model = model;
    this.#token = token;
  }

  /**
   * @param onEvents told at each chunk how many events have come so far
   * @param cutAfter hangs up once so many events have come
   */
  ask(
    prompt: string,
    stream: boolean,
    onEvents: (events: number) => void = () => undefined,
    cutAfter = Number.POSITIVE_INFINITY,
  ): Promise<Seen> {
    const body = JSON.stringify({
      model: this.#model,
      stream,
      messages: [{ role: "user", content: prompt }],
    });
    return new Promise((resolve, reject) => {
      const startedMs = performance.now();
      let firstMs = 0;
      let events = 0;
      let status = 0;
      let tail = "";
      const done = () => resolve({ firstMs, totalMs: performance.now() - startedMs, events });
      this.#pool.dispatch(
        {
          path: "/v1/chat/completions",
          method: "POST",
          headers: { "content-type": "application/json", authorization: `Bearer ${this.#token}` },
          body,
        },
        {
          onRequestStart: () => undefined,
          onResponseStart: (_controller, code) => {
            status = code;
          },
          onResponseData: (controller, chunk) => {
            events += eventsIn(chunk);
            if (firstMs === 0 && (!stream || events > 0)) firstMs = performance.now() - startedMs;
            tail = chunk.subarray(-200).toString("latin1");
            onEvents(events);
            if (events >= cutAfter) {
              done();
              controller.abort(new Error("cut by the client"));
            }
          },
          onResponseEnd: () => {
            if (status === 200 && (!stream || tail.includes("[DONE]"))) done();
            else reject(new Error(`status ${status}: ${tail}`));
          },
          onResponseError: (_controller, error) => reject(error),
        },
      );
    });
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

/** Events end with an empty line. */
function eventsIn(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf("\n\n"); at >= 0; at = chunk.indexOf("\n\n", at + 2)) count += 1;
  return count;
}
