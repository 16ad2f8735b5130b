import { basename, dirname, join, relative } from "node:path";
import type { BuildOptions, Plugin } from "esbuild";
import { inProject } from "../project.ts";

/** What is built besides the front doors, by the names of the files in dist/lazy. */
export type LazyFiles = Map<string, BuildOptions>;

/** CommonJS inside a bundle of ES modules asks for Node's own modules by `require`. */
const requireInEsm =
  'import{createRequire as switchyardRequire}from"node:module";const require=switchyardRequire(import.meta.url);';

/** How an ES module for Node is built. */
export const esmInNode: BuildOptions = {
  platform: "node",
  target: "node22",
  format: "esm",
  banner: { js: requireInEsm },
};

/** How CommonJS for the extension host is built. */
export const cjsInHost: BuildOptions = {
  platform: "node",
  target: "node22",
  format: "cjs",
  external: ["vscode"],
};

/**
 * What is imported dynamically (`await import("openai")`, `await import("./simulator/server.ts")`) becomes a file of its
 * own in dist/lazy, so that a start neither reads nor parses it. Two files share no state: each has its own copy of the
 * modules that both of them import.
 */
export function lazyFiles(found: LazyFiles): Plugin {
  return {
    name: "lazy-files",
    setup(build) {
      const { outfile = "", format } = build.initialOptions;
      const folder = basename(dirname(outfile)) === "lazy" ? "." : "./lazy";
      build.onResolve({ filter: /^[@.a-z]/i }, ({ kind, path, resolveDir }) => {
        if (kind !== "dynamic-import" || path === "vscode" || path.startsWith("node:")) return;
        const isOwn = path.startsWith(".");
        if (isOwn && !resolveDir.startsWith(inProject("src"))) return;
        const file = isOwn ? ownFileName(join(resolveDir, path), format) : packageFileName(path);
        if (!found.has(file)) {
          const options = isOwn ? ownFile(join(resolveDir, path), format) : packageFile(path);
          found.set(file, { ...options, outfile: `dist/lazy/${file}`, plugins: [lazyFiles(found)] });
        }
        return { path: `${folder}/${file}`, external: true };
      });
    },
  };
}

/** `src/simulator/server.ts` → `simulator-server.mjs`; CommonJS where it is asked for by CommonJS, which alone gets `vscode` in every host. */
function ownFileName(path: string, format: BuildOptions["format"]): string {
  const name = relative(inProject("src"), path).replaceAll(/[\\/]/g, "-");
  return name.replace(/\.ts$/, format === "cjs" ? ".cjs" : ".mjs");
}

function ownFile(path: string, format: BuildOptions["format"]): BuildOptions {
  return { ...(format === "cjs" ? cjsInHost : esmInNode), entryPoints: [path] };
}

/** `@anthropic-ai/sdk` → `anthropic-ai-sdk.mjs`. */
function packageFileName(specifier: string): string {
  return `${specifier.replace(/^@/, "").replaceAll("/", "-")}.mjs`;
}

/** ES modules, because `default` then means the same in every caller. */
function packageFile(specifier: string): BuildOptions {
  const quoted = JSON.stringify(specifier);
  return {
    ...esmInNode,
    stdin: {
      contents: `import * as all from ${quoted}; export * from ${quoted}; export default all.default ?? all;`,
      resolveDir: inProject(),
      sourcefile: "lazy-entry.js",
    },
  };
}
