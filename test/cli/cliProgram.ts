import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { bundles, shared } from "../../scripts/build/bundles.ts";
import type { LazyFiles } from "../../scripts/build/lazyFiles.ts";
import { inProject } from "../../scripts/project.ts";
import { lazy } from "../../src/base/lazy.ts";

/** The result of a run. */
export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/**
 * The file of the `switchyard` command as it is shipped, which is built once in each process of the tests. Its folder is the
 * same in each run, so that Node finds the compiled code in its cache.
 */
const builtProgram = lazy(async (): Promise<string> => {
  const folder = inProject(`out/test/cli-${process.env["VITEST_POOL_ID"]}`);
  await rm(folder, { recursive: true, force: true });
  const files: LazyFiles = new Map();
  const make = ({ outfile = "", ...options }: BuildOptions) =>
    build({ ...shared(false), ...options, outfile: join(folder, outfile) });
  for (const bundle of bundles(files)) if (bundle.outfile === "dist/switchyard.js") await make(bundle);
  for (const bundle of files.values()) await make(bundle);
  const data = join(folder, "dist", "data");
  await mkdir(data, { recursive: true });
  for (const file of ["models/data/models.json", "models/data/quality.json"])
    await cp(inProject("src", file), join(data, basename(file)));
  for (const file of ["vectors.i4", "vocab.txt"])
    await cp(inProject("src/embedding/data", file), join(data, file));
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", version: "1.2.3" }));
  return join(folder, "dist", "switchyard.js");
});

/** The `switchyard` command in a temporary folder, where it reads and writes files. */
export class CliProgram {
  /** The program's file. */
  readonly entry: string;
  readonly dir: string;

  private constructor(entry: string, dir: string) {
    this.entry = entry;
    this.dir = dir;
  }

  static async build(): Promise<CliProgram> {
    return new CliProgram(await builtProgram(), await mkdtemp(join(tmpdir(), "switchyard-cli-")));
  }

  /** A path in the folder. */
  file(name: string): string {
    return join(this.dir, name);
  }

  async write(name: string, text: string): Promise<string> {
    await writeFile(this.file(name), text);
    return this.file(name);
  }

  /** Starts the program. @param environment variables in addition to those of this process */
  start(
    args: readonly string[],
    node: readonly string[] = [process.execPath],
    environment: Readonly<Record<string, string>> = {},
  ): ChildProcess {
    const [program = process.execPath, ...flags] = node;
    return spawn(program, [...flags, this.entry, ...args], {
      cwd: this.dir,
      stdio: "pipe",
      env: { ...process.env, ...environment },
    });
  }

  /** Runs the program to its end with `input` on stdin. */
  async run(args: readonly string[], input = "", node?: readonly string[]): Promise<Ran> {
    const child = this.start(args, node);
    const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)];
    // The pipe breaks if the program ends without reading it.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
    const code = await ended(child);
    return { code, stdout: await stdout, stderr: await stderr };
  }

  async remove(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }
}

export function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
}

async function textOf(stream: ChildProcess["stdout"]): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stream ?? []) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString("utf8");
}
