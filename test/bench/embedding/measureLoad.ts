/** Loads one embedder in a new process, and prints the time and the memory that it takes. */
import { loadBuiltIn } from "../../../src/embedding/builtIn.ts";
import { DATA_DIR } from "../../support/routing/embeddingReference.ts";
import { loadPlain } from "./plainEmbedder.ts";

const load = process.argv[2] === "plain" ? loadPlain : loadBuiltIn;

function usedBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const before = usedBytes();
const started = performance.now();
const loaded = await load(DATA_DIR);
const ms = performance.now() - started;
const bytes = usedBytes() - before;
console.log(JSON.stringify({ ms, bytes, kind: typeof loaded }));
