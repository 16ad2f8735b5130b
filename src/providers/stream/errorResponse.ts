import type { Failure } from "../../contract/failure.ts";
import { type FailureContext, failureOf, failureOfResponse } from "../errors/failures.ts";
import { BoundedText } from "../http/jsonRequest.ts";
import { requestIdOf } from "../http/responseHeaders.ts";
import type { ResponseHeaders } from "../http/transport/transport.ts";

/** More than any provider's error; a proxy's page may be longer. */
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * Checks the status of a response to a request for an answer.
 * @returns undefined if it may be an answer; otherwise the failure, or the body that has to be read for it
 */
export function errorResponseOf(
  context: FailureContext,
  status: number,
  headers: ResponseHeaders,
): Failure | ErrorBody | undefined {
  if (status >= 300) return new ErrorBody((text) => failureOfResponse(context, status, headers, text));
  if (status !== 204 && status !== 205) return undefined;
  const requestId = requestIdOf(headers);
  return failureOf(context, "malformed", "the response has no body", { status, requestId });
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
