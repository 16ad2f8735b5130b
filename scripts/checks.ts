import { runTool } from "./runTool.ts";

/** What is checked without running the product; each tells its faults itself and resolves to whether it passed. */
export const checks: readonly { readonly name: string; readonly run: () => Promise<boolean> }[] = [
  { name: "types", run: async () => (await runTool("tsc", ["-b"])) === 0 },
  { name: "lint and format", run: async () => (await runTool("biome", ["ci", "--error-on-warnings"])) === 0 },
  { name: "dead code", run: async () => (await runTool("knip", ["--no-progress"])) === 0 },
];
