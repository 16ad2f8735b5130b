import type { Readable, Writable } from "node:stream";

/** What the front door is given of the process. */
export type Terminal = {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** The folder of the model cards and the built-in embedder's table. */
  readonly dataDir: URL;
  /** The package's manifest, which knows its version. */
  readonly manifest: URL;
  readonly nowMs: number;
};

/** What people and scripts know of how it went. */
export const EXIT = {
  ok: 0,
  /** Some lines could not be read. */
  someFailed: 1,
  /** What was asked for could not be begun, e.g. because the port is in use. */
  failed: 1,
  /** It was called wrongly, or what it needs cannot be read. */
  usage: 2,
} as const;

/** Said on one line of stderr; the program then ends with `EXIT.usage`. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UsageError";
  }
}

/** What went wrong with a file, in the words of the system: `no such file or directory`. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z]+: ([^,]+),/.exec(message)?.[1] ?? message;
}
