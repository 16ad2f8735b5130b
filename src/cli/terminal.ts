import type { Readable, Writable } from "node:stream";

/** What the program gets from its process. */
export type Terminal = {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** The folder of the price lists and of the built-in embedder's data. */
  readonly dataDir: URL;
  /** package.json, which contains the version. */
  readonly manifest: URL;
  readonly nowMs: number;
};

export const EXIT = {
  ok: 0,
  /** `decide`: some lines are invalid. `serve`: it could not start, for example because the port is in use. */
  failed: 1,
  /** Invalid arguments, or a file that cannot be read or written. */
  usage: 2,
} as const;

/** An error whose message is shown on one line of stderr. The program ends with `EXIT.usage`. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UsageError";
  }
}

/** By name, because each command is a bundle of its own with its own copy of the class. */
export function isUsageError(error: unknown): error is UsageError {
  return error instanceof Error && error.name === "UsageError";
}

/** The system's description of a file error, such as `no such file or directory`. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z]+: ([^,]+),/.exec(message)?.[1] ?? message;
}
