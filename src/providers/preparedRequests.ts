import type { Answer } from "./answer.ts";
import type { Transport } from "./transport.ts";

/** A body for the SDK, which writes it as JSON itself, and as JSON. */
export type Body = {
  readonly fields: () => Readonly<Record<string, unknown>>;
  readonly text: () => string;
};

/** Sends a body to its place. */
export type SendBody = (body: Body, transport: Transport) => Promise<Answer>;

/** Where a request goes, and with which headers. */
type Prepared = { readonly url: string; readonly headers: Readonly<Record<string, string>> };

/**
 * Requests as the vendor's SDK builds them, kept for the next one to the same place: only the body differs, and building
 * one costs the SDK more than sending it. A place is all that address and headers depend on.
 */
export class PreparedRequests {
  readonly #known = new Map<string, Prepared>();

  /** Sends as the SDK did the last time; undefined where it did not yet. */
  senderTo(place: string): SendBody | undefined {
    const known = this.#known.get(place);
    if (known === undefined) return undefined;
    const { url, headers } = known;
    return (body, transport) =>
      (transport.lean ?? transport)(url, { method: "POST", headers, body: body.text() });
  }

  /** A transport for the SDK, which keeps what it is given to send. */
  learning(place: string, transport: Transport): Transport {
    return (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      this.#known.set(place, { url, headers: Object.fromEntries(new Headers(init?.headers)) });
      return transport(input, init);
    };
  }
}
