import type { Readable } from "node:stream";
import { type DeciderDeps, decideLine } from "./decider.ts";
import { type Line, LONGEST_LINE, linesOf } from "./lines.ts";
import { outputLine } from "./outputLine.ts";
import { readPromptLine } from "./promptLine.ts";
import type { Sink } from "./sink.ts";
import { Summary } from "./summary.ts";

/** So many names of fields that nobody knows are told, each once. */
const MOST_NAMES = 10;

export type Streamed = { readonly malformed: number; readonly summary: Summary };

/**
 * Decides every line of the input, in order, and writes what is said of it. A line that cannot be read is told by its
 * number, here and there, and the rest goes on. Stops quietly when nobody reads any more.
 */
export async function decideStream(
  input: Readable,
  sink: Sink,
  deps: DeciderDeps,
  tell: (words: string) => void,
): Promise<Streamed> {
  const summary = new Summary();
  const named = new Set<string>();
  let malformed = 0;
  const answer = async (line: Line): Promise<object> => {
    const { number } = line;
    const read = line.tooLong
      ? { kind: "malformed" as const, error: `The line is longer than ${LONGEST_LINE} characters.` }
      : readPromptLine(line.text);
    if (read.kind === "malformed") {
      malformed += 1;
      summary.addMalformed();
      tell(`line ${number}: ${read.error}`);
      return { line: number, error: read.error };
    }
    for (const name of read.unknown) {
      if (named.has(name) || named.size >= MOST_NAMES) continue;
      named.add(name);
      tell(`line ${number}: "${name.slice(0, 60)}" is not known here, and not read.`);
    }
    const said = outputLine(number, await decideLine(read.prompt, number, deps), deps.world);
    summary.add(said);
    return said;
  };
  for await (const lines of linesOf(input)) {
    for (const line of lines) {
      if (line.text.trim() === "" && !line.tooLong) continue;
      await sink.write(`${JSON.stringify(await answer(line))}\n`);
    }
    await sink.flush();
    if (sink.isClosed) break;
  }
  await sink.end();
  return { malformed, summary };
}
