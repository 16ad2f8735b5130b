import type { IncomingMessage } from "node:http";

/** The most that a request may bring: as much as Anthropic takes (32 MB). */
const MAX_BYTES = 32 * 1024 * 1024;

export type ReadBody =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "none" }
  | { readonly kind: "not-json" }
  | { readonly kind: "too-large" };

/** Reads a request's body as JSON, within a bound. */
export async function readJsonBody(request: IncomingMessage): Promise<ReadBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) continue;
    bytes += chunk.length;
    if (bytes > MAX_BYTES) return { kind: "too-large" };
    chunks.push(chunk);
  }
  if (bytes === 0) return { kind: "none" };
  try {
    return { kind: "json", value: JSON.parse(Buffer.concat(chunks).toString("utf8")) };
  } catch {
    return { kind: "not-json" };
  }
}
