import type { BuildOptions, Plugin } from "esbuild";
import { inProject } from "./project.ts";

/** CommonJS inside a bundle of ES modules asks for Node's own modules by `require`. */
export const requireInEsm =
  'import{createRequire as switchyardRequire}from"node:module";const require=switchyardRequire(import.meta.url);';

/**
 * A package that is imported dynamically (`await import("openai")`) becomes a file of its own, dist/lazy/NAME.mjs,
 * so that activation neither reads nor parses it. ES modules, because `default` then means the same in every caller.
 */
export function lazyPackages(found: Set<string>): Plugin {
  return {
    name: "lazy-packages",
    setup(build) {
      build.onResolve({ filter: /^[@a-z]/i }, (args) => {
        if (args.kind !== "dynamic-import" || args.path === "vscode" || args.path.startsWith("node:")) return;
        found.add(args.path);
        return { path: `./lazy/${lazyFileName(args.path)}`, external: true };
      });
    },
  };
}

/** `@anthropic-ai/sdk` → `anthropic-ai-sdk.mjs`. */
function lazyFileName(specifier: string): string {
  return `${specifier.replace(/^@/, "").replaceAll("/", "-")}.mjs`;
}

/** How a lazy package is bundled. */
export function lazyBundle(specifier: string): BuildOptions {
  const quoted = JSON.stringify(specifier);
  return {
    stdin: {
      contents: `import * as all from ${quoted}; export * from ${quoted}; export default all.default ?? all;`,
      resolveDir: inProject(),
      sourcefile: "lazy-entry.js",
    },
    outfile: inProject("dist/lazy", lazyFileName(specifier)),
    format: "esm",
    platform: "node",
    target: "node22",
    banner: { js: requireInEsm },
  };
}
