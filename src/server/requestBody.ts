import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { isRecord } from "../base/isRecord.ts";
import { JsonTooDeep, JsonTooManyValues, MAX_JSON_DEPTH, parseBoundedJson } from "../base/json.ts";
import { badRequest, HttpError } from "./httpError.ts";

/** The limit of Anthropic's API, which is the largest of the providers'. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/**
 * More than the longest conversations have; texts and images are one value each. A body of 30 MB of small values would
 * block every other request for seconds.
 */
const MAX_VALUES = 250_000;

const TOO_MANY_BYTES = `${MAX_BODY_BYTES / 1024 / 1024} MB: send less, e.g. smaller images`;

export type Json = Readonly<Record<string, unknown>>;

/** A request's body, as an object and as text. */
export type JsonBody = { readonly body: Json; readonly text: string };

/** Reads a request's body. @throws HttpError if it is too large, nested too deep, compressed, or not a JSON object */
export async function readJsonBody(request: IncomingMessage): Promise<JsonBody> {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") throw compressed(encoding);
  const text = await readText(request);
  const body = parse(text);
  if (!isRecord(body)) throw badRequest("The body must be a JSON object.", undefined, "invalid_json");
  return { body, text };
}

function readText(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else {
        // The rest is read and dropped, because a client that is disconnected while it sends does not read the response.
        chunks.length = 0;
        reject(tooLarge(TOO_MANY_BYTES));
      }
    });
    request.once("end", () => {
      const [first] = chunks;
      const whole = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
      if (isUtf8(whole)) resolve(whole.toString("utf8"));
      else reject(badRequest("The body is not UTF-8: send JSON as UTF-8.", undefined, "invalid_json"));
    });
    request.once("error", reject);
    if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) reject(tooLarge(TOO_MANY_BYTES));
  });
}

function parse(text: string): unknown {
  try {
    return parseBoundedJson(text, MAX_VALUES);
  } catch (error) {
    if (error instanceof JsonTooManyValues) {
      throw tooLarge(`${MAX_VALUES.toLocaleString("en")} values: send less, e.g. fewer messages`);
    }
    if (error instanceof JsonTooDeep) {
      const field = error.member?.slice(0, 100);
      throw badRequest(`${field ?? "The body"} is nested more than ${MAX_JSON_DEPTH} levels deep.`, field);
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw badRequest(`The body is not valid JSON: ${reason}.`, undefined, "invalid_json");
  }
}

function compressed(encoding: string): HttpError {
  return new HttpError({
    status: 415,
    type: "invalid_request_error",
    code: "unsupported_encoding",
    message: `The body has the Content-Encoding ${JSON.stringify(encoding.slice(0, 100))}: send it without compression.`,
  });
}

/** @param limit what the body has more of, and what to do */
function tooLarge(limit: string): HttpError {
  return new HttpError({
    status: 413,
    type: "invalid_request_error",
    code: "request_too_large",
    message: `The body has more than ${limit}.`,
  });
}
