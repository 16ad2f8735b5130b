import { StringDecoder } from "node:string_decoder";

/** A longer line is no prompt; what is beyond is not kept. In UTF-16 code units. */
export const LONGEST_LINE = 16 * 1024 * 1024;

/** `tooLong`: only the line's number is left of it. Numbers count from 1. */
export type Line = { readonly number: number; readonly text: string; readonly tooLong: boolean };

/**
 * The lines of a stream, all those of a piece at a time, so that what comes slowly is answered as it comes. Ends at `\n`
 * or `\r\n`; an empty end is no line. What is kept is bounded by the longest line.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  longest = LONGEST_LINE,
): AsyncGenerator<readonly Line[]> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let tooLong = false;
  let number = 0;
  const line = (text: string): Line => {
    number += 1;
    const isLong = tooLong || text.length > longest;
    tooLong = false;
    return { number, text: isLong ? "" : withoutEnds(text, number), tooLong: isLong };
  };
  for await (const chunk of chunks) {
    const [first = "", ...others] = decoder.write(Buffer.from(chunk)).split("\n");
    const last = others.pop();
    if (last === undefined) {
      rest += first;
    } else {
      const lines = [line(rest + first), ...others.map(line)];
      rest = last;
      yield lines;
    }
    if (rest.length > longest) {
      tooLong = true;
      rest = "";
    }
  }
  rest += decoder.end();
  if (rest !== "" || tooLong) yield [line(rest)];
}

/** Without the `\r` that Windows ends lines with, and the mark that some editors begin a file with. */
function withoutEnds(text: string, number: number): string {
  const from = number === 1 && text.startsWith("\uFEFF") ? 1 : 0;
  return text.slice(from, text.endsWith("\r") ? -1 : undefined);
}
