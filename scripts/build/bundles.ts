import { existsSync } from "node:fs";
import type { BuildOptions } from "esbuild";
import { lazyPackages, requireInEsm } from "./lazyPackages.ts";
import { inProject } from "./project.ts";

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

const node: BuildOptions = { platform: "node", target: "node22" };
const esmInNode: BuildOptions = { format: "esm", banner: { js: requireInEsm } };

/** The project's bundles, by what they are made from; entry points that do not exist are left out. */
export function bundles(lazy: Set<string>): BuildOptions[] {
  const plugins = [lazyPackages(lazy)];
  const all: (BuildOptions & { entryPoints: [string] })[] = [
    {
      ...node,
      entryPoints: ["src/extension.ts"],
      outfile: "dist/extension.cjs",
      format: "cjs",
      external: ["vscode"],
      plugins,
    },
    { ...node, ...esmInNode, entryPoints: ["src/cli.ts"], outfile: "dist/switchyard.js", plugins },
    { ...node, ...esmInNode, entryPoints: ["src/demo.ts"], outfile: "dist/demo.js", plugins },
    {
      entryPoints: ["src/webview/chat/main.tsx"],
      outfile: "dist/webview/chat.js",
      format: "esm",
      platform: "browser",
      target: "chrome128",
    },
  ];
  return all.filter((bundle) => existsSync(inProject(bundle.entryPoints[0])));
}
