import type { Transform } from "node:stream";
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from "node:zlib";
import { headerOf } from "../responseHeaders.ts";
import type { HttpExchange, HttpHandler, HttpTransport, ResponseHeaders } from "./transport.ts";

/**
 * A transport that decompresses what a server has compressed although no encoding was asked for (the request's
 * `accept-encoding` is `identity`). The first bytes decide, because proxies also remove an encoding and keep its header,
 * or the reverse. Nothing is buffered: a handler that aborts stops the decompression too.
 */
export function unpackingTransport(transport: HttpTransport): HttpTransport {
  return {
    send(request, handler) {
      const unpacker = new Unpacker(handler);
      unpacker.exchange = transport.send(request, unpacker);
      return unpacker;
    },
  };
}

/** Passes a response on, through a decompressing stream if the first bytes call for one. */
class Unpacker implements HttpHandler, HttpExchange {
  /** Set as soon as the request is sent. */
  exchange: HttpExchange | undefined;
  readonly #handler: HttpHandler;
  #declared: string | undefined;
  /** Bytes that are too few to recognize the encoding. Undefined once it is known how to read the body. */
  #opening: Buffer | undefined = Buffer.alloc(0);
  #stream: Transform | undefined;
  #isPaused = false;
  #isFull = false;
  #isOver = false;

  constructor(handler: HttpHandler) {
    this.#handler = handler;
  }

  get isSent(): boolean {
    return this.exchange?.isSent === true;
  }

  abort(): void {
    this.#isOver = true;
    this.#stream?.destroy();
    this.exchange?.abort();
  }

  pause(): void {
    this.#isPaused = true;
    this.#stream?.pause();
    this.exchange?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#stream?.resume();
    if (!this.#isFull) this.exchange?.resume();
  }

  onHeaders(status: number, headers: ResponseHeaders): void {
    const declared = headerOf(headers, "content-encoding")?.trim().toLowerCase();
    this.#declared = declared === "" || declared === "identity" ? undefined : declared;
    this.#handler.onHeaders(status, headers);
  }

  onData(chunk: Buffer): void {
    if (this.#isOver) return;
    const opening = this.#opening;
    if (opening !== undefined)
      this.#begin(opening.length === 0 ? chunk : Buffer.concat([opening, chunk]), false);
    else if (this.#stream === undefined) this.#handler.onData(chunk);
    else this.#write(this.#stream, chunk);
  }

  onEnd(): void {
    if (this.#isOver) return;
    if (this.#opening !== undefined && this.#opening.length > 0) this.#begin(this.#opening, true);
    if (this.#stream !== undefined) this.#stream.end();
    else if (!this.#isOver) this.#handler.onEnd();
  }

  onError(error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stream?.destroy();
    this.#handler.onError(error);
  }

  /** @param isAll no more bytes follow */
  #begin(bytes: Buffer, isAll: boolean): void {
    const encoding = encodingOf(bytes, this.#declared, isAll);
    if (encoding === "undecided") {
      this.#opening = bytes;
      return;
    }
    this.#opening = undefined;
    if (encoding === undefined) {
      this.#handler.onData(bytes);
      return;
    }
    const create = DECOMPRESSORS[encoding];
    if (create === undefined)
      this.#fail(`the response has the encoding "${encoding}", which is not supported`);
    else this.#write(this.#open(create(), encoding), bytes);
  }

  #open(stream: Transform, encoding: string): Transform {
    this.#stream = stream;
    stream
      .on("data", (chunk: Buffer) => {
        if (!this.#isOver) this.#handler.onData(chunk);
      })
      .on("drain", () => {
        this.#isFull = false;
        if (!this.#isPaused) this.exchange?.resume();
      })
      .on("end", () => {
        if (this.#isOver) return;
        this.#isOver = true;
        this.#handler.onEnd();
      })
      .on("error", ({ message }) =>
        this.#fail(`the response is compressed (${encoding}) and cannot be decompressed: ${message}`),
      );
    if (this.#isPaused) stream.pause();
    return stream;
  }

  #write(stream: Transform, chunk: Buffer): void {
    if (stream.write(chunk)) return;
    this.#isFull = true;
    this.exchange?.pause();
  }

  #fail(message: string): void {
    if (this.#isOver) return;
    this.abort();
    this.#handler.onError(new Error(message));
  }
}

const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH, ZSTD_e_flush } = constants;
/** Everything that has arrived is passed on at once, and a body that is cut just ends: its reader notices. */
const AT_ONCE = { flush: Z_SYNC_FLUSH, finishFlush: Z_SYNC_FLUSH };

const DECOMPRESSORS: Readonly<Record<string, (() => Transform) | undefined>> = {
  gzip: () => createGunzip(AT_ONCE),
  deflate: () => createInflate(AT_ONCE),
  "raw deflate": () => createInflateRaw(AT_ONCE),
  br: () => createBrotliDecompress({ flush: BROTLI_OPERATION_FLUSH, finishFlush: BROTLI_OPERATION_FLUSH }),
  // Node 22.15 and newer.
  zstd:
    createZstdDecompress === undefined
      ? undefined
      : () => createZstdDecompress({ flush: ZSTD_e_flush, finishFlush: ZSTD_e_flush }),
};

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** The beginning of events, of JSON and of a page is text; eight bytes of compressed data are not. */
const TEXT_BYTES = 8;

/**
 * The encoding of a body, by its first bytes, else by its header. Undefined: it is not encoded.
 * @param isAll no more bytes follow
 */
function encodingOf(
  bytes: Buffer,
  declared: string | undefined,
  isAll: boolean,
): string | "undecided" | undefined {
  for (const [magic, encoding] of [
    [GZIP, "gzip"],
    [ZSTD, "zstd"],
  ] as const) {
    if (bytes.subarray(0, magic.length).equals(magic)) return encoding;
    if (!isAll && magic.subarray(0, bytes.length).equals(bytes)) return "undecided";
  }
  if (declared === undefined) return undefined;
  if (isText(bytes.subarray(0, TEXT_BYTES))) {
    return isAll || bytes.length >= TEXT_BYTES ? undefined : "undecided";
  }
  if (declared !== "deflate") return declared === "x-gzip" ? "gzip" : declared;
  // The standard means zlib's format; some servers send it without its header.
  if (bytes.length < 2 && !isAll) return "undecided";
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0 ? "deflate" : "raw deflate";
}

function isText(bytes: Buffer): boolean {
  return bytes.every(
    (byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09,
  );
}
