import { optionValues } from "./options.ts";
import { UsageError } from "./terminal.ts";

/** What `serve` was asked to do. */
export type ServeArguments =
  | { readonly kind: "help" }
  | {
      readonly kind: "serve";
      readonly settings: string;
      /** Left out: 4141. */
      readonly port?: number;
      /** Left out: where the editor keeps it. */
      readonly ledger?: string;
      /** Left out: a new one. */
      readonly token?: string;
    };

const OPTIONS = {
  settings: { takes: "a file" },
  port: { takes: "a number" },
  ledger: { takes: "a file" },
  token: { takes: "a text" },
  help: { short: "h" },
} as const;

/** @throws UsageError for the first thing that is wrong */
export function serveArguments(args: readonly string[]): ServeArguments {
  const given = optionValues(args, OPTIONS);
  if (given.has("help")) return { kind: "help" };
  const settings = given.get("settings");
  if (settings === undefined) throw new UsageError("--settings FILE is missing.");
  const port = given.get("port");
  const ledger = given.get("ledger");
  const token = given.get("token");
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new UsageError(
      "--token must be of letters, digits and signs, without spaces: it goes in a header.",
    );
  }
  return {
    kind: "serve",
    settings,
    ...(port === undefined ? {} : { port: portOf(port) }),
    ...(ledger === undefined ? {} : { ledger }),
    ...(token === undefined ? {} : { token }),
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port must be a number from 0 to 65535, not "${text}".`);
}
