import type { ProviderConfig } from "../models/providerConfig.ts";
import type { Transport, TransportOptions } from "./transport.ts";

/** What every adapter is built with. */
export type AdapterDeps = {
  readonly config: ProviderConfig;
  /** Undefined where none is needed. */
  readonly key: string | undefined;
  /** A transport for each call: limits are the call's own. */
  readonly makeTransport: (options: TransportOptions) => Transport;
  /** The time, in milliseconds since 1970. */
  readonly nowMs: () => number;
};

/** What the SDKs get in place of a key where there is none; headersOf takes the header away. */
export const NO_KEY = "none";

/** The longest time that a timer takes: the limits of a call are ours (limits.ts), not the SDKs'. */
export const NO_TIMEOUT_MS = 2 ** 31 - 1;
