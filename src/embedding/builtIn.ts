import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Embedder } from "../contract/provider/embedder.ts";
import { addCharacterPairs, PAIR_DIMENSIONS } from "./characterPairs.ts";
import { Tokenizer } from "./tokenizer.ts";
import { directionOf, VectorTable } from "./vectors.ts";
import { Vocabulary } from "./vocabulary.ts";

/** Its name in `switchyard.semantic.embedder`. */
const BUILT_IN = "built-in";

/**
 * An embedder that needs no network: the sum of a text's word vectors, at length 1. The vectors are distilled from
 * all-MiniLM-L6-v2, 256 dimensions (data/NOTICE.txt). The table knows hardly any word of Chinese, Japanese and Korean:
 * their characters and pairs of characters are hashed into 768 further dimensions, which are zero for other texts. It
 * reads at most the first 8,000 UTF-16 code units of a text and their first 512 tokens.
 *
 * Tokenizer, vocabulary and vector table avoid strings and objects for each token. `npm run bench embedding` compares
 * them with a plain implementation (a `Map`, regular expressions, unpacked floats):
 * loading takes 11 ms instead of 95, 6 MB of memory instead of 35, and a short sentence 8 µs instead of 24 (2026-11-28).
 */
export type BuiltInEmbedder = Embedder & {
  embedSync(texts: readonly string[]): readonly Float32Array[];
};

/** Loads the table from the folder that holds vectors.i4 and vocab.txt. @throws Error if they are missing or damaged */
export async function loadBuiltIn(dataDir: string): Promise<BuiltInEmbedder> {
  const [vectors, vocabulary] = await Promise.all([
    readAtOnce(join(dataDir, "vectors.i4")),
    readFile(join(dataDir, "vocab.txt")),
  ]);
  return createBuiltIn(vectors, vocabulary);
}

function createBuiltIn(vectors: Uint8Array, vocabularyFile: Uint8Array): BuiltInEmbedder {
  const vocabulary = new Vocabulary(vocabularyFile);
  const table = new VectorTable(vectors);
  if (table.size !== vocabulary.size)
    throw new Error("The word vectors and their vocabulary do not belong together.");
  const tokenizer = new Tokenizer(vocabulary);
  const sum = new Float64Array(table.dimensions + PAIR_DIMENSIONS);
  const embedSync = (texts: readonly string[]): readonly Float32Array[] =>
    texts.map((text) => {
      sum.fill(0);
      table.addTo(sum, tokenizer.rows(text));
      const hasPairs = addCharacterPairs(text, sum);
      return directionOf(sum, hasPairs ? sum.length : table.dimensions);
    });
  return {
    id: BUILT_IN,

    embedSync,
    embed: async (texts) => embedSync(texts),
  };
}

/** Reads a file with one call. `readFile` reads half a megabyte at a time, which takes three times as long. */
async function readAtOnce(path: string): Promise<Uint8Array> {
  await using file = await open(path);
  const bytes = new Uint8Array((await file.stat()).size);
  const { bytesRead } = await file.read(bytes);
  return bytes.subarray(0, bytesRead);
}
