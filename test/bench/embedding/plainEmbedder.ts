import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { plainTokens } from "../../support/routing/plainTokenizer.ts";

/** The baseline: a `Map` of strings, the tokenizer's rules as regular expressions, and all vectors unpacked to floats. */
export type PlainEmbedder = { embed(text: string): Float32Array };

/** Reads the same files as the real one. */
export async function loadPlain(dataDir: string): Promise<PlainEmbedder> {
  const file = await readFile(join(dataDir, "vectors.i4"));
  const words = (await readFile(join(dataDir, "vocab.txt"), "utf8")).trimEnd().split("\n");
  const rowOf = new Map(words.map((word, row) => [word, row]));
  const rows = file.readUInt32LE(4);
  const dimensions = file.readUInt32LE(8);
  const rowsAt = 16 + 4 * rows;
  const floats = new Float32Array(rows * dimensions);
  for (let at = 0; at < floats.length; at += 2) {
    const scale = file.readFloatLE(16 + 4 * Math.floor(at / dimensions));
    const both = file[rowsAt + at / 2] ?? 0;
    floats[at] = scale * ((both << 28) >> 28);
    floats[at + 1] = scale * ((both << 24) >> 28);
  }
  return {
    embed: (text) => {
      const sum = new Float32Array(dimensions);
      for (const row of plainTokens(text, rowOf)) {
        for (let at = 0; at < dimensions; at += 1) {
          sum[at] = (sum[at] ?? 0) + (floats[row * dimensions + at] ?? 0);
        }
      }
      const length = Math.hypot(...sum) || 1;
      return sum.map((component) => component / length);
    },
  };
}
