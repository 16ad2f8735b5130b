/** Reads text files, which are UTF-8 with or without a byte order mark. */
import { readFile } from "node:fs/promises";
import { reasonOf, UsageError } from "./terminal.ts";

/**
 * Reads a text file.
 * @param name of the file in messages, such as `the settings file s.json`
 * @throws UsageError if it cannot be read, or is not UTF-8
 */
export async function readTextFile(file: string, name: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new UsageError(`Cannot read ${name}: ${reasonOf(error)}.`, { cause: error });
  });
  rejectUtf16(bytes, name);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UsageError(`Cannot read ${name}: it is not UTF-8. Save it with the encoding UTF-8.`, {
      cause: error,
    });
  }
}

/**
 * Rejects text in UTF-16, which Windows PowerShell writes with `>`.
 * @param start the first bytes of the text
 * @throws UsageError
 */
export function rejectUtf16(start: Uint8Array, name: string): void {
  const [first, second] = start;
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  // Without a byte order mark, one byte of each ASCII character is zero.
  if (!isMarked && first !== 0 && second !== 0) return;
  throw new UsageError(`Cannot read ${name}: it is encoded in UTF-16. Save it with the encoding UTF-8.`);
}
