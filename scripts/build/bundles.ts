import { existsSync } from "node:fs";
import type { BuildOptions, Plugin } from "esbuild";
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

/** All that the terminal's front door opens is a file of its own: imports of a bundle are read before its first line. */
const cliApart: Plugin = {
  name: "cli-apart",
  setup(build) {
    build.onResolve({ filter: /\/cli\/main\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./lazy/cli.mjs", external: true } : undefined,
    );
  },
};

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
    {
      platform: "node",
      // It tells an old Node that it is too old, so any Node must be able to read it.
      target: "node14",
      format: "esm",
      entryPoints: ["src/cli.ts"],
      outfile: "dist/switchyard.js",
      plugins: [cliApart],
    },
    { ...node, ...esmInNode, entryPoints: ["src/cli/main.ts"], outfile: "dist/lazy/cli.mjs", plugins },
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
