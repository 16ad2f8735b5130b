/** Writes text to stdout or to a file. Every failure is an error, except that the reader of a pipe may leave. */
import { once } from "node:events";
import { createWriteStream, rmSync, type WriteStream } from "node:fs";
import { access, constants, realpath, rename, rm, stat } from "node:fs/promises";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { reasonOf, UsageError } from "./terminal.ts";

/** The size of a write, in UTF-16 code units. */
const BATCH_LENGTH = 64 * 1024;

/** Writes text to a stream in large batches, and waits while the stream's buffer is full. */
export class BatchWriter {
  readonly #stream: Writable;
  readonly #name: string;
  readonly #ownsStream: boolean;
  #text = "";
  #error: Error | undefined;

  /**
   * @param name of the stream in messages
   * @param ownsStream true if `end` ends the stream, which must not happen to stdout
   */
  constructor(stream: Writable, name: string, ownsStream: boolean) {
    this.#stream = stream;
    this.#name = name;
    this.#ownsStream = ownsStream;
    stream.on("error", (error) => {
      this.#error ??= error;
    });
  }

  /** True once the reader has closed the pipe, as `head` does. Further text is discarded. */
  get isClosed(): boolean {
    return this.#error !== undefined && "code" in this.#error && this.#error.code === "EPIPE";
  }

  async write(text: string): Promise<void> {
    this.#text += text;
    if (this.#text.length >= BATCH_LENGTH) await this.flush();
  }

  /** @throws UsageError for every error of the stream but a closed pipe */
  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = "";
    this.#throwError();
    if (text === "" || this.isClosed) return;
    if (!this.#stream.write(text)) await this.#drained();
    this.#throwError();
  }

  /** Writes the rest, and waits until the stream has taken it. @throws as `flush` does */
  async end(): Promise<void> {
    await this.flush();
    if (this.isClosed) return;
    try {
      if (this.#ownsStream) await finished(this.#stream.end());
      else await writeNothing(this.#stream);
    } catch (error) {
      this.#error ??= error instanceof Error ? error : new Error(String(error));
    }
    this.#throwError();
  }

  async #drained(): Promise<void> {
    if (this.#error !== undefined) return;
    const done = new AbortController();
    const { signal } = done;
    // `once` rejects on "error", which the constructor's listener keeps.
    await Promise.race([once(this.#stream, "drain", { signal }), once(this.#stream, "close", { signal })])
      .catch(() => undefined)
      .finally(() => done.abort());
  }

  #throwError(): void {
    if (this.#error === undefined || this.isClosed) return;
    throw cannotWrite(this.#name, this.#error);
  }
}

/** Writes one text to stdout or stderr. @throws UsageError if it cannot be written */
export async function writeText(stream: Writable, name: string, text: string): Promise<void> {
  const writer = new BatchWriter(stream, name, false);
  await writer.write(text);
  await writer.end();
}

/** Resolves when the stream has taken everything that was written before. */
function writeNothing(stream: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write("", (error) => (error ? reject(error) : resolve()));
  });
}

/** A file that is being written. */
export type FileOutput = {
  readonly writer: BatchWriter;
  /** Gives the file its name, after `writer.end`. @throws UsageError if that fails */
  complete(): Promise<void>;
  /** Removes what was written. A file that had the name before is unchanged. */
  discard(): Promise<void>;
};

/**
 * Writes a file under another name until it is complete, so that neither a full disk nor a signal leaves a part of it.
 * Devices and pipes are written directly.
 * @throws UsageError if the file cannot be written
 */
export async function createFileOutput(file: string): Promise<FileOutput> {
  try {
    const target = await realpath(file).catch(() => file);
    const existing = await stat(target).catch(() => undefined);
    if (existing !== undefined && !existing.isFile()) {
      const stream = await opened(createWriteStream(target));
      return {
        writer: new BatchWriter(stream, file, true),
        complete: async () => {},
        discard: async () => {},
      };
    }
    if (existing !== undefined) await access(target, constants.W_OK);
    const part = `${target}.${process.pid}.part`;
    // Some file systems report only when they flush that the disk is full.
    const flags = { flags: "wx", mode: existing?.mode ?? 0o666, flush: true };
    const stopListening = onSignal(() => rmSync(part, { force: true }));
    const stream = await opened(createWriteStream(part, flags)).catch((error: unknown) => {
      stopListening();
      throw error;
    });
    return {
      writer: new BatchWriter(stream, file, true),
      async complete() {
        await rename(part, target).catch((error: unknown) => {
          throw cannotWrite(file, error);
        });
        stopListening();
      },
      async discard() {
        await finished(stream.destroy()).catch(() => undefined);
        await rm(part, { force: true });
        stopListening();
      },
    };
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

async function opened(stream: WriteStream): Promise<WriteStream> {
  await once(stream, "open");
  return stream;
}

/** Calls `clean` before a signal ends the program. Returns a function that stops that. */
function onSignal(clean: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const listener = (signal: NodeJS.Signals): void => {
    clean();
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.once(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}

function cannotWrite(name: string, cause: unknown): UsageError {
  return new UsageError(`Cannot write ${name}: ${reasonOf(cause)}.`, { cause });
}
