import { setImmediate as turn } from "node:timers/promises";
import { vi } from "vitest";
import type { Clock } from "../../../src/base/time/clock.ts";
import type { HttpHandler, HttpTransport } from "../../../src/providers/http/transport/transport.ts";

/** The header that numbers the exchanges of a counted transport. */
export const EXCHANGE_HEADER = "x-exchange";

/** Time passes in steps: what a timer causes is done before the next timer fires. */
const STEP_MS = 250;
/** Enough for bytes on loopback to be read, and for what they cause. */
const TURNS = 5;

/**
 * Replaces the timers of this process. They fire when `passTime` says so, and also as real time passes, so that nothing
 * waits for ever.
 */
export function useManualTime(): void {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
    shouldAdvanceTime: true,
  });
}

let passedMs = 0;

/** How much time `passTime` has let pass, in milliseconds. Unlike the clock it does not count how long the machine took. */
export function passedTime(): number {
  return passedMs;
}

/** Lets time pass, without waiting. */
export async function passTime(ms: number, signal?: AbortSignal): Promise<void> {
  for (let leftMs = ms; leftMs > 0; leftMs -= STEP_MS) {
    for (let turns = 0; turns < TURNS; turns += 1) await turn();
    if (signal?.aborted === true || !vi.isFakeTimers()) return;
    const stepMs = Math.min(leftMs, STEP_MS);
    vi.advanceTimersByTime(stepMs);
    passedMs += stepMs;
  }
}

/** A clock whose sleeps take no time. */
export const manualClock: Clock = { now: () => Date.now(), sleep: passTime };

/** Counts what arrives over a transport, so that a server can wait until its client has read everything. */
export class Arrivals {
  readonly #bytes = new Map<string, number>();
  readonly #wake: (() => void)[] = [];

  /** A transport that numbers its exchanges and counts the bytes of their responses. */
  counted(transport: HttpTransport): HttpTransport {
    return {
      send: (request, handler) => {
        const exchange = String(this.#bytes.size);
        this.#bytes.set(exchange, -1);
        const add = (bytes: number): void => {
          this.#bytes.set(exchange, (this.#bytes.get(exchange) ?? 0) + bytes);
          for (const wake of this.#wake.splice(0)) wake();
        };
        const end = (): void => add(Number.POSITIVE_INFINITY);
        const counting: HttpHandler = {
          onHeaders(status, headers) {
            add(1);
            handler.onHeaders(status, headers);
          },
          onData(chunk) {
            handler.onData(chunk);
            add(chunk.length);
          },
          onEnd() {
            end();
            handler.onEnd();
          },
          onError(error) {
            end();
            handler.onError(error);
          },
        };
        const headers = { ...request.headers, [EXCHANGE_HEADER]: exchange };
        const sent = transport.send({ ...request, headers }, counting);
        return {
          get isSent() {
            return sent.isSent;
          },
          abort() {
            sent.abort();
            end();
          },
          pause: () => sent.pause(),
          resume: () => sent.resume(),
        };
      },
    };
  }

  /** Resolves when the headers and so many bytes of a response have arrived, or when its exchange has ended. */
  async reached(exchange: string, bytes: number): Promise<void> {
    while ((this.#bytes.get(exchange) ?? Number.POSITIVE_INFINITY) < bytes) {
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }
}
