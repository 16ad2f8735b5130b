import type { Failure } from "../contract/failure.ts";
import type { Answer, AnswerBody } from "./answer.ts";
import { readBounded } from "./boundedText.ts";
import {
  type FailureContext,
  failureOf,
  failureOfError,
  failureOfErrorBody,
  failureOfResponse,
} from "./failures.ts";
import { parseRecord } from "./json.ts";
import type { LeanRequest, Transport } from "./transport.ts";

const MAX_ERROR_BYTES = 64 * 1024;
/** An error is known by its status already; its words may not hold it up for long. */
const MAX_ERROR_MS = 2000;

/**
 * The transport that an SDK gets: anything but a 2xx is read within bounds and thrown as a Failure, and so is what the
 * network does. An SDK wraps what it catches, so each failure is told beside it.
 */
export function guarded(
  transport: Transport,
  context: FailureContext,
  signal: AbortSignal,
  tell: (failure: Failure) => void,
): Transport {
  const checked = async <A extends Answer>(answering: Promise<A>): Promise<A> => {
    try {
      const answer = await answering;
      if (answer.ok) return answer;
      throw failureOfResponse(context, answer, await readBounded(answer.body, MAX_ERROR_BYTES, MAX_ERROR_MS));
    } catch (error) {
      const failure = failureOfError(context, error, false);
      tell(failure);
      throw failure;
    }
  };
  const fetch: Transport = (input, init) => checked(transport(input, { ...init, signal }));
  const { lean } = transport;
  if (lean === undefined) return fetch;
  return Object.assign(fetch, {
    lean: (url: string, request: LeanRequest) => checked(lean(url, { ...request, signal })),
  });
}

/**
 * The body of an answer that may be a stream of events. Servers that do not say what they send are believed.
 * @throws Failure where it is JSON (an error under a 200, or an answer in one piece) or a page
 */
export async function refuseOtherTypes(
  response: Answer,
  context: FailureContext,
  requestId: string | undefined,
): Promise<AnswerBody> {
  const { body } = response;
  const more = { status: response.status, ...(requestId === undefined ? {} : { requestId }) };
  if (body === null) throw failureOf(context, "malformed", "the answer has no body", more);
  const type = response.headers.get("content-type")?.toLowerCase() ?? "";
  if (type.includes("text/html")) {
    throw failureOf(context, "malformed", "the server answered with a page for a browser", more);
  }
  if (!type.includes("application/json")) return body;
  const error = parseRecord(await readBounded(body, MAX_ERROR_BYTES, MAX_ERROR_MS))?.["error"];
  if (error !== undefined && error !== null) throw failureOfErrorBody(context, error, requestId);
  throw failureOf(context, "malformed", "the server answered in one piece, though asked for a stream", more);
}
