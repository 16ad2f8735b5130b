import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { BatchWriter } from "./writer.ts";

/** A stream that takes a chunk only when `read` is called. */
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

describe("the batch writer", () => {
  it("waits for a slow reader", async () => {
    const reader = new SlowReader();
    const writer = new BatchWriter(reader, "stdout", false);
    await writer.write("more than ten characters");
    let isFlushed = false;
    const flushed = writer.flush().then(() => {
      isFlushed = true;
    });
    await new Promise(setImmediate);
    expect(isFlushed).toBe(false);
    reader.read();
    await flushed;
    expect(reader.text).toBe("more than ten characters");
  });

  it("writes in large batches", async () => {
    const lengths: number[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lengths.push(chunk.length);
        done();
      },
    });
    const writer = new BatchWriter(stream, "out.jsonl", true);
    for (let at = 0; at < 1000; at += 1) await writer.write("x".repeat(100));
    await writer.end();
    expect(lengths.reduce((sum, each) => sum + each, 0)).toBe(100_000);
    expect(lengths.length).toBeLessThan(4);
    expect(stream.writableFinished).toBe(true);
  });

  it("is closed without an error if the reader closes the pipe", async () => {
    const writer = new BatchWriter(broken("EPIPE"), "stdout", false);
    await writer.write("text");
    await writer.flush();
    await writer.end();
    expect(writer.isClosed).toBe(true);
    await writer.write("more");
    await writer.end();
  });

  it("throws any other error of the stream", async () => {
    const writer = new BatchWriter(broken("ENOSPC"), "stdout", false);
    await writer.write("text");
    await expect(writer.flush().then(() => writer.end())).rejects.toThrow("ENOSPC");
  });

  it("throws an error of the last write of a stream that it ends", async () => {
    const writer = new BatchWriter(broken("ENOSPC"), "out.jsonl", true);
    await writer.write("text");
    await expect(writer.end()).rejects.toThrow("Cannot write out.jsonl: ENOSPC");
  });
});
