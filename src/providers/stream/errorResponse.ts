import type { Failure } from "../../contract/failure.ts";
import { type FailureContext, failureOf, failureOfErrorBody, failureOfResponse } from "../errors/failures.ts";
import { BoundedText } from "../http/jsonRequest.ts";
import { headerOf, requestIdOf } from "../http/responseHeaders.ts";
import type { ResponseHeaders } from "../http/transport.ts";
import { parseRecord } from "../json.ts";

/** More than any provider's error; a proxy's page may be longer. */
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * Checks whether a response is a stream of events. A response without a content type is taken for one.
 * @returns undefined for a stream; otherwise the failure, or the body that has to be read for it
 */
export function errorResponseOf(
  context: FailureContext,
  status: number,
  headers: ResponseHeaders,
): Failure | ErrorBody | undefined {
  if (status >= 300) return new ErrorBody((text) => failureOfResponse(context, status, headers, text));
  const requestId = requestIdOf(headers);
  const malformed = (message: string) => failureOf(context, "malformed", message, { status, requestId });
  if (status === 204 || status === 205) return malformed("the response has no body");
  const type = headerOf(headers, "content-type")?.toLowerCase() ?? "";
  if (type.includes("text/html")) return malformed("the server answered with an HTML page");
  if (!type.includes("application/json")) return undefined;
  return new ErrorBody((text) => {
    const error = parseRecord(text)?.["error"];
    return error === undefined || error === null
      ? malformed("the server answered in one piece instead of a stream")
      : failureOfErrorBody(context, error, requestId);
  });
}

/** The body of an error. The status alone identifies most errors, so a part of the body suffices. */
export class ErrorBody {
  readonly #text = new BoundedText(MAX_ERROR_BYTES);
  readonly #toFailure: (text: string) => Failure;

  constructor(toFailure: (text: string) => Failure) {
    this.#toFailure = toFailure;
  }

  /** No more of the body is needed. */
  get isFull(): boolean {
    return this.#text.isFull;
  }

  /** The failure by what was read so far. */
  get failure(): Failure {
    return this.#toFailure(this.#text.text);
  }

  add(chunk: Buffer): void {
    this.#text.add(chunk);
  }
}
