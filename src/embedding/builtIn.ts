import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Embedder } from "../contract/embedder.ts";
import { Tokenizer } from "./tokenizer.ts";
import { VectorTable } from "./vectorTable.ts";
import { Vocabulary } from "./vocabulary.ts";

/** What `switchyard.semantic.embedder` calls it. */
const BUILT_IN = "built-in";

/**
 * An embedder that needs no network: the sum of a text's word vectors, at length 1. The vectors are distilled from
 * all-MiniLM-L6-v2, 256 dimensions (data/NOTICE.txt). Of a longer text the first 8,000 UTF-16 code units and, of those,
 * the first 512 tokens are read.
 */
export type BuiltInEmbedder = Embedder & {
  readonly dimensions: number;
  embedSync(texts: readonly string[]): readonly Float32Array[];
};

/** Reads the table from the folder that holds vectors.i4 and vocab.txt. @throws where they are damaged or missing */
export async function loadBuiltIn(dataDir: string): Promise<BuiltInEmbedder> {
  const [vectors, words] = await Promise.all([
    readInOnePiece(join(dataDir, "vectors.i4")),
    readFile(join(dataDir, "vocab.txt")),
  ]);
  return createBuiltIn(vectors, words);
}

/** @param vectors the bytes of vectors.i4 @param words those of vocab.txt */
export function createBuiltIn(vectors: Uint8Array, words: Uint8Array): BuiltInEmbedder {
  const vocabulary = new Vocabulary(words);
  const table = new VectorTable(vectors);
  if (table.size !== vocabulary.size)
    throw new Error("The word vectors and their vocabulary do not belong together.");
  const tokenizer = new Tokenizer(vocabulary);
  const embedSync = (texts: readonly string[]): readonly Float32Array[] =>
    texts.map((text) => table.sumOf(tokenizer.rows(text)));
  return {
    id: BUILT_IN,
    dimensions: table.dimensions,
    embedSync,
    embed: async (texts) => embedSync(texts),
  };
}

/** `readFile` asks for half a megabyte at a time: that takes three times as long. */
async function readInOnePiece(path: string): Promise<Uint8Array> {
  await using file = await open(path);
  const bytes = new Uint8Array((await file.stat()).size);
  const { bytesRead } = await file.read(bytes);
  return bytes.subarray(0, bytesRead);
}
