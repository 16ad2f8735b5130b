import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as v from "valibot";

/** For tests and benchmarks: where the table lies, and the values that came with it. */
export const DATA_DIR = fileURLToPath(new URL("data", import.meta.url));

const shape = v.object({
  tolerance: v.number(),
  texts: v.array(v.object({ text: v.string(), ids: v.array(v.number()), embedding: v.array(v.number()) })),
  pairs: v.array(v.object({ a: v.string(), b: v.string(), cosine: v.number() })),
});

/** 61 texts with their tokens and embeddings, 3 pairs with their cosines, from the table's makers. */
export function readGolden(): v.InferOutput<typeof shape> {
  return v.parse(shape, JSON.parse(readFileSync(`${DATA_DIR}/golden.json`, "utf8")));
}
