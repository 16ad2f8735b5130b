import { createServer, type Server } from "node:http";
import {
  brotliCompressSync,
  constants,
  createGzip,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { listen, sendRequest } from "../../../../test/support/providers/httpResponse.ts";
import { nodeTransport } from "./nodeTransport.ts";
import { createUndiciTransport } from "./undiciTransport.ts";
import { unpackingTransport } from "./unpackingTransport.ts";

const TEXT = `data: {"text":"${"Grüße, ".repeat(50)}"}\n\n`;

const undici = createUndiciTransport();
let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/** The address of a server that sends these pieces, one in each write. */
async function serve(
  pieces: readonly Uint8Array[],
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  server = createServer(async (request, response) => {
    request.resume();
    response.writeHead(200, headers).flushHeaders();
    for (const piece of pieces) await new Promise<void>((resolve) => response.write(piece, () => resolve()));
    response.end();
  });
  return listen(server);
}

const ENCODINGS = [
  ["gzip", gzipSync],
  ["x-gzip", gzipSync],
  ["deflate", deflateSync],
  ["deflate", deflateRawSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
] as const;

describe.each([
  ["node", nodeTransport],
  ["undici", undici],
])("a response over %s", (_, transport) => {
  const read = (url: string) => sendRequest(unpackingTransport(transport), url);

  it.each(ENCODINGS)(
    "is decompressed if it has the encoding %s, whatever its pieces are",
    async (encoding, pack) => {
      const packed = pack(Buffer.from(TEXT));
      for (const size of [1, 7, packed.length]) {
        const pieces = Array.from({ length: Math.ceil(packed.length / size) }, (_, at) =>
          packed.subarray(at * size, (at + 1) * size),
        );
        const { body } = read(await serve(pieces, { "content-encoding": encoding }));
        expect(await body).toBe(TEXT);
      }
    },
  );

  it("is decompressed by its bytes if no header names the encoding", async () => {
    expect(await read(await serve([gzipSync(TEXT)])).body).toBe(TEXT);
    expect(await read(await serve([zstdCompressSync(TEXT)])).body).toBe(TEXT);
  });

  it("is read as it is if a header names an encoding that it does not have", async () => {
    for (const encoding of ["gzip", "deflate", "br", "identity", "none"]) {
      expect(await read(await serve([Buffer.from(TEXT)], { "content-encoding": encoding })).body).toBe(TEXT);
    }
    expect(await read(await serve([Buffer.from("\x1f")])).body).toBe("\x1f");
    expect(await read(await serve([], { "content-encoding": "gzip" })).body).toBe("");
  });

  it("is passed on piece by piece, before the compressed body has ended", async () => {
    const gzip = createGzip();
    const pieces: Buffer[] = [];
    gzip.on("data", (chunk: Buffer) => pieces.push(chunk)).write(TEXT);
    await new Promise<void>((resolve) => gzip.flush(constants.Z_SYNC_FLUSH, resolve));
    server = createServer((_, response) => void response.writeHead(200).write(Buffer.concat(pieces)));
    const { firstChunk, exchange } = read(await listen(server));
    expect(await firstChunk).toBe(TEXT);
    exchange.abort();
  });

  it("names an encoding that it cannot decompress", async () => {
    const unknown = read(await serve([Buffer.from([1, 2, 3, 4])], { "content-encoding": "compress" }));
    await expect(unknown.body).rejects.toThrow('"compress"');
    const damaged = Buffer.concat([gzipSync(TEXT).subarray(0, 20), Buffer.from("no gzip, no gzip")]);
    await expect(read(await serve([damaged])).body).rejects.toThrow("gzip");
  });

  it("stops decompressing at once if its reader has enough", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const url = await serve([bomb]);
    const ended = Promise.withResolvers<number>();
    let bytes = 0;
    const exchange = unpackingTransport(transport).send(
      { method: "GET", url, headers: {}, connectMs: 1000 },
      {
        onHeaders() {},
        onData(chunk) {
          bytes += chunk.length;
          exchange.abort();
          setImmediate(() => ended.resolve(bytes));
        },
        onEnd: () => ended.reject(new Error("ended")),
        onError: ended.reject,
      },
    );
    expect(await ended.promise).toBeLessThan(1024 * 1024);
  });
});
