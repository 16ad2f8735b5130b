import type { BuildOptions } from "esbuild";
import { inProject } from "../project.ts";
import { cjsInHost, esmInNode, type LazyFiles, lazyFiles } from "./lazyFiles.ts";

/** What all bundles have in common. */
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
    // ES modules shake better than CommonJS.
    mainFields: ["module", "main"],
    jsx: "automatic",
    jsxImportSource: "preact",
  };
}

/** The front doors' bundles; what they open later is collected in `lazy`. */
export function bundles(lazy: LazyFiles): BuildOptions[] {
  const plugins = [lazyFiles(lazy)];
  return [
    { ...cjsInHost, entryPoints: ["src/extension.ts"], outfile: "dist/extension.cjs", plugins },
    {
      platform: "node",
      // It tells an old Node that it is too old, so any Node must be able to read it.
      target: "node14",
      format: "esm",
      entryPoints: ["src/cli.ts"],
      outfile: "dist/switchyard.js",
      plugins,
    },
    { ...esmInNode, entryPoints: ["src/demo.ts"], outfile: "dist/demo.js", plugins },
    {
      entryPoints: ["src/webview/chat/main.tsx"],
      outfile: "dist/webview/chat.js",
      format: "esm",
      platform: "browser",
      target: "chrome128",
    },
  ];
}
