/** Loads one embedder in a process of its own, in which nothing was run before, and prints how long and how large. */
import { loadBuiltIn } from "../../../src/embedding/builtIn.ts";
import { DATA_DIR } from "../../support/embeddingReference.ts";
import { loadPlain } from "./plainEmbedder.ts";

const load = process.argv[2] === "plain" ? loadPlain : loadBuiltIn;

function heldBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const before = heldBytes();
const started = performance.now();
const loaded = await load(DATA_DIR);
const ms = performance.now() - started;
const bytes = heldBytes() - before;
console.log(JSON.stringify({ ms, bytes, held: typeof loaded }));
