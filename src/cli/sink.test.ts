import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { Sink } from "./sink.ts";

/** Takes what is written only when it is told to. */
class SlowReader extends Writable {
  text = "";
  #waiting: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: 10 });
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    this.#waiting = done;
  }

  read(): void {
    const done = this.#waiting;
    this.#waiting = undefined;
    done?.();
  }
}

const broken = (code: string) =>
  new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error(`${code}: broken`), { code, syscall: "write" }));
    },
  });

describe("the sink", () => {
  it("waits for a slow reader, and then goes on", async () => {
    const reader = new SlowReader();
    const sink = new Sink(reader, false);
    await sink.write("more than ten characters");
    let isThrough = false;
    const flushed = sink.flush().then(() => {
      isThrough = true;
    });
    await new Promise(setImmediate);
    expect(isThrough).toBe(false);
    reader.read();
    await flushed;
    expect(reader.text).toBe("more than ten characters");
  });

  it("gathers what is written into large pieces", async () => {
    const pieces: number[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        pieces.push(chunk.length);
        done();
      },
    });
    const sink = new Sink(stream, true);
    for (let at = 0; at < 1000; at += 1) await sink.write("x".repeat(100));
    await sink.end();
    expect(pieces.reduce((sum, each) => sum + each, 0)).toBe(100_000);
    expect(pieces.length).toBeLessThan(4);
    expect(stream.writableFinished).toBe(true);
  });

  it("is closed, and says nothing, where the reader has gone", async () => {
    const sink = new Sink(broken("EPIPE"), false);
    await sink.write("text");
    await sink.flush();
    await sink.end();
    expect(sink.isClosed).toBe(true);
    await sink.write("more");
    await sink.end();
  });

  it("throws what else goes wrong", async () => {
    const sink = new Sink(broken("ENOSPC"), false);
    await sink.write("text");
    await expect(sink.flush().then(() => sink.end())).rejects.toThrow("ENOSPC");
  });
});
