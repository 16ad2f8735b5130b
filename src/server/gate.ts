import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { WireError } from "./refusal.ts";

/** Names that a loopback address has. A page whose own name was pointed at 127.0.0.1 sends that name (DNS rebinding). */
const LOOPBACK = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/i;

/** Who may come in: only with a loopback `Host`, and with the token. */
export class Gate {
  readonly #digest: Buffer;

  constructor(token: string) {
    this.#digest = digestOf(token);
  }

  /** Why a request may not come in; undefined where it may. The token is compared in constant time. */
  refusal({ host, authorization }: IncomingHttpHeaders): WireError | undefined {
    if (host === undefined || !LOOPBACK.test(host)) {
      return {
        status: 403,
        type: "invalid_request_error",
        code: "host_not_allowed",
        message:
          "This endpoint answers on 127.0.0.1 and localhost only; the Host header names something else.",
      };
    }
    const given = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
    if (given !== undefined && timingSafeEqual(digestOf(given), this.#digest)) return undefined;
    const wrong = given === undefined ? "The token is missing" : "The token is wrong";
    return {
      status: 401,
      type: "authentication_error",
      code: "invalid_api_key",
      message: `${wrong}: send "Authorization: Bearer TOKEN" with the token of this endpoint (most tools call it the API key).`,
    };
  }
}

/** Of equal length for all tokens, so that comparing tells nothing of it. */
function digestOf(token: string): Buffer {
  return hash("sha256", token, "buffer");
}
