import type { BuildOptions } from "esbuild";
import { inProject } from "../project.ts";
import { cjsInHost, esmInNode, type LazyFiles, lazyFiles } from "./lazyFiles.ts";

/** The options that all bundles share. */
export function shared(watching: boolean): BuildOptions {
  return {
    absWorkingDir: inProject(),
    bundle: true,
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
    minify: !watching,
    sourcemap: watching ? "linked" : false,
    // Unused code can be removed from ES modules, but hardly from CommonJS.
    mainFields: ["module", "main"],
    jsx: "automatic",
    jsxImportSource: "preact",
  };
}

/** The bundles of the entry points. Their dynamic imports are added to `lazy`. */
export function bundles(lazy: LazyFiles): BuildOptions[] {
  const plugins = [lazyFiles(lazy)];
  return [
    { ...cjsInHost, entryPoints: ["src/extension.ts"], outfile: "dist/extension.cjs", plugins },
    {
      platform: "node",
      // Old versions of Node must be able to read it, because it prints that they are too old.
      target: "node14",
      format: "esm",
      entryPoints: ["src/cli/switchyard.ts"],
      outfile: "dist/switchyard.js",
      plugins,
    },
    { ...esmInNode, entryPoints: ["src/cli/demo.ts"], outfile: "dist/demo.js", plugins },
    {
      entryPoints: { chat: "src/webview/chat/main.tsx" },
      outdir: "dist/webview",
      // Each dynamic import becomes a file of its own, which the page loads when it is needed.
      splitting: true,
      chunkNames: "lazy/[name]-[hash]",
      format: "esm",
      platform: "browser",
      target: "chrome128",
    },
  ];
}
