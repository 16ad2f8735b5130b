import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { Writable } from "node:stream";
import { downloadAndUnzipVSCode, runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { inProject } from "../project.ts";

/** A suite that runs inside VS Code's extension host. */
export type HostSuite = {
  /** The folder of its *.test.ts files, which test/host/runner.ts runs with mocha. */
  readonly tests: string;
  /** The file that the runner writes `{passed, failed, skipped}` into. */
  readonly results: string;
  /** Extensions under development. The default is this project. */
  readonly extensions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Hides the host's output. */
  readonly quiet?: boolean;
};

/** Bundles a suite and runs it in desktop VS Code or its replacement. @returns false if a test failed or none could run */
export async function runHostSuite(suite: HostSuite): Promise<boolean> {
  const extensionTestsPath = await bundle(suite.tests);
  const dir = await mkdtemp(join(tmpdir(), "switchyard-suite-"));
  // A test can add folders to a workspace file without a restart of the extension host.
  const workspace = join(dir, "demo.code-workspace");
  await writeFile(workspace, JSON.stringify({ folders: [{ path: inProject("test/demo") }] }));
  await mkdir(dirname(suite.results), { recursive: true });
  await rm(suite.results, { force: true });
  try {
    const code = await runTests({
      vscodeExecutablePath: await executable(),
      extensionDevelopmentPath: [...(suite.extensions ?? [inProject()])],
      extensionTestsPath,
      ...(suite.quiet === true ? { stdout: silence(), stderr: silence() } : {}),
      launchArgs: [workspace, "--disable-extensions"],
      extensionTestsEnv: {
        // The replacement starts with the pinned Node.
        PATH: `${inProject("node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}`,
        SWITCHYARD_HOME: join(dir, "home"),
        SWITCHYARD_SUITE_RESULTS: suite.results,
        ...suite.env,
      },
    });
    return code === 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return false;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function silence(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

async function bundle(tests: string): Promise<string> {
  const names = (await readdir(tests)).filter((name) => name.endsWith(".test.ts"));
  const out = inProject("out/test", basename(tests));
  await rm(out, { recursive: true, force: true });
  await build({
    absWorkingDir: inProject(),
    entryPoints: [
      { in: inProject("test/host/runner.ts"), out: "index" },
      ...names.map((name) => ({ in: join(tests, name), out: name.replace(/\.ts$/, "") })),
    ],
    outdir: out,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    mainFields: ["module", "main"],
    sourcemap: "inline",
    external: ["vscode", "mocha"],
    logLevel: "warning",
  });
  return join(out, "index.cjs");
}

/** Desktop VS Code if it can be downloaded and there is a screen, else its replacement. */
async function executable(): Promise<string> {
  const replacement = inProject("scripts/host/code.ts");
  const { CI, DISPLAY, WAYLAND_DISPLAY } = process.env;
  const noScreen = process.platform === "linux" && !DISPLAY && !WAYLAND_DISPLAY;
  if (CI || noScreen) return replacement;
  try {
    return await downloadAndUnzipVSCode({ cachePath: inProject(".vscode-test") });
  } catch (error) {
    console.log(`VS Code could not be downloaded (${error instanceof Error ? error.message : error}).`);
    return replacement;
  }
}
