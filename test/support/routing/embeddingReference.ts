import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as v from "valibot";

/** The folder of the table of vectors. */
export const DATA_DIR = fileURLToPath(new URL("../../../src/embedding/data", import.meta.url));

const shape = v.object({
  tolerance: v.number(),
  texts: v.array(v.object({ text: v.string(), ids: v.array(v.number()), embedding: v.array(v.number()) })),
  pairs: v.array(v.object({ a: v.string(), b: v.string(), cosine: v.number() })),
});

/** Reference values that came with the table: 61 texts with tokens and embeddings, 3 pairs with their cosines. */
export function readGolden(): v.InferOutput<typeof shape> {
  return v.parse(shape, JSON.parse(readFileSync(`${DATA_DIR}/golden.json`, "utf8")));
}
