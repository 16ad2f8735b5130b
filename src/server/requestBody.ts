import type { IncomingMessage } from "node:http";
import { badRequest, Refusal } from "./refusal.ts";

/** As much as Anthropic takes, the largest of the providers: a prompt with several images. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** Far deeper than any schema, and far from where writing it as JSON again, which is recursive, runs out of stack. */
const MAX_LEVELS = 500;

export type Json = Readonly<Record<string, unknown>>;

/** The JSON object that a request brings, and as it is written. @throws Refusal where it is too large, nested too deep, or none */
export async function readJsonBody(
  request: IncomingMessage,
): Promise<{ readonly body: Json; readonly text: string }> {
  const text = await textOf(request);
  const value = parse(text);
  if (!isRecord(value)) throw badRequest("The body must be a JSON object.", undefined, "invalid_json");
  for (const [name, inner] of Object.entries(value)) {
    if (!isDeeper(inner, MAX_LEVELS)) continue;
    const field = name.slice(0, 100);
    throw badRequest(`${field} is nested more than ${MAX_LEVELS} levels deep.`, field);
  }
  return { body: value, text };
}

export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

function textOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else {
        // What still comes is read and dropped: a client that is cut off while it sends never sees the answer.
        chunks.length = 0;
        reject(tooLarge());
      }
    });
    request.once("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.once("error", reject);
    if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) reject(tooLarge());
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const where = error instanceof Error ? error.message : String(error);
    throw badRequest(`The body is no JSON: ${where}.`, undefined, "invalid_json");
  }
}

function tooLarge(): Refusal {
  return new Refusal({
    status: 413,
    type: "invalid_request_error",
    code: "request_too_large",
    message: `The body has more than ${MAX_BODY_BYTES / 1024 / 1024} MB: send less, e.g. smaller images.`,
  });
}
