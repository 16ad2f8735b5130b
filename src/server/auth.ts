import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { WireError } from "./httpError.ts";

/** Names of the loopback address. After DNS rebinding, a page sends its own name, which resolves to 127.0.0.1. */
const LOOPBACK = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/i;

/** Returns why a request is rejected, or undefined if it has a loopback `Host` and the token. */
export type Authorize = (request: IncomingMessage) => WireError | undefined;

/** Creates the check of requests against a token. */
export function authorizeWith(token: string): Authorize {
  const expected = Buffer.from(token);
  return (request) => {
    const { host, authorization } = request.headers;
    // Node keeps the first one; another program may read the second one.
    if ((request.headersDistinct["host"]?.length ?? 0) > 1) return ONE_HOST_ONLY;
    if (host === undefined || !LOOPBACK.test(host)) return HOST_NOT_ALLOWED;
    if (isPreflight(request)) return ORIGIN_NOT_ALLOWED;
    const given = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
    if (given === undefined) return invalidToken("The token is missing");
    return isEqual(Buffer.from(given), expected) ? undefined : invalidToken("The token is wrong");
  };
}

/** A browser's question, sent without a token, whether a page of another origin may send a request. */
function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === "OPTIONS" && headers.origin !== undefined;
}

/** RFC 9112, 3.2: a server must reject a request with more than one `Host`. */
const ONE_HOST_ONLY: WireError = {
  status: 400,
  type: "invalid_request_error",
  code: "one_host_only",
  message: "The request has more than one Host header.",
};

const ORIGIN_NOT_ALLOWED: WireError = {
  status: 403,
  type: "invalid_request_error",
  code: "origin_not_allowed",
  message:
    "This server accepts no requests from web pages: call it from a program that is not bound to the rules of a browser.",
};

const HOST_NOT_ALLOWED: WireError = {
  status: 403,
  type: "invalid_request_error",
  code: "host_not_allowed",
  message: "This server answers on 127.0.0.1 and localhost only; the Host header names something else.",
};

function invalidToken(problem: string): WireError {
  return {
    status: 401,
    type: "authentication_error",
    code: "invalid_api_key",
    message: `${problem}: send "Authorization: Bearer TOKEN" with the token of this server (most tools call it the API key).`,
  };
}

/** Compares in constant time. Only the token's length can be found out, which is no secret. */
function isEqual(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}
