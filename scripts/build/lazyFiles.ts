import { basename, dirname, join, relative } from "node:path";
import type { BuildOptions, Plugin } from "esbuild";
import { inProject } from "../project.ts";

/** How each file of dist/lazy is built, by its name. */
export type LazyFiles = Map<string, BuildOptions>;

/** CommonJS code in an ES module bundle loads Node's modules with `require`. */
const requireInEsm =
  'import{createRequire as switchyardRequire}from"node:module";const require=switchyardRequire(import.meta.url);';

/** Options for ES modules that run in Node. */
export const esmInNode: BuildOptions = {
  platform: "node",
  target: "node22",
  format: "esm",
  banner: { js: requireInEsm },
};

/** Options for CommonJS that runs in VS Code's extension host. */
export const cjsInHost: BuildOptions = {
  platform: "node",
  target: "node22",
  format: "cjs",
  external: ["vscode"],
};

/**
 * Turns each dynamic import (`await import("openai")`, `await import("./simulator/server.ts")`) into a file in dist/lazy,
 * so that Node does not read and parse it at startup. Lazy files share no state: each contains its own copy of the
 * modules that it imports.
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

/**
 * `src/simulator/server.ts` → `simulator-server.mjs`. CommonJS imports CommonJS: the extension host provides `vscode` to
 * CommonJS only.
 */
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

/** Packages become ES modules, so that `default` means the same in every importer. */
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
