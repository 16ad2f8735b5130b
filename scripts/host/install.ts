import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inProject } from "../project.ts";

/**
 * The npm package `code-server` contains Code OSS with its server, its workbench and its extension host. It is installed
 * once, into .vscode-test/. An interrupted installation leaves nothing there.
 */
const version = "4.139.1";
/** Increment it when what is added to the package or replaced in it changes. */
const revision = 3;
const stamp = `code-server ${version}, revision ${revision}`;
const installed = inProject(".vscode-test/host");

/** Installs the host if it is missing. @returns the path of its server's main file */
export async function installHost(): Promise<string> {
  if (!(await isComplete(installed))) {
    console.log(`Installing Code OSS (code-server ${version}) into .vscode-test/, about 600 MB, once…`);
    await install();
  }
  return join(vscodeDir(installed), "out/server-main.js");
}

async function install(): Promise<void> {
  await mkdir(inProject(".vscode-test"), { recursive: true });
  const unfinished = await mkdtemp(inProject(".vscode-test/host-unfinished-"));
  try {
    await writeFile(join(unfinished, "package.json"), JSON.stringify({ private: true }));
    await npmInstall(unfinished, `code-server@${version}`);
    await Promise.all([
      npmInstall(vscodeDir(unfinished), "--omit=dev"),
      // The package leaves out TypeScript, which the built-in extension for it needs. It takes 2 s and 24 MB.
      npmInstall(join(vscodeDir(unfinished), "extensions"), "--omit=dev"),
    ]);
    await replaceModule(unfinished, "native-watchdog", nativeWatchdog);
    await replaceModule(unfinished, "spdlog", spdlog);
    await writeFile(join(unfinished, "stamp"), stamp);
    if (await isComplete(installed)) return; // Another process has installed it.
    await rm(installed, { recursive: true, force: true });
    await rename(unfinished, installed);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

function vscodeDir(root: string): string {
  return join(root, "node_modules/code-server/lib/vscode");
}

async function isComplete(root: string): Promise<boolean> {
  const file = join(root, "stamp");
  return existsSync(file) && (await readFile(file, "utf8")) === stamp;
}

function npmInstall(dir: string, what: string): Promise<void> {
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  return new Promise((resolve, reject) => {
    const npm = spawn("npm", ["install", what, ...flags], {
      cwd: dir,
      shell: process.platform === "win32",
      stdio: ["ignore", "ignore", "inherit"],
    });
    npm.on("error", reject);
    npm.on("exit", (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`npm install ${what} ended with ${code}. The tests in VS Code need it.`)),
    );
  });
}

/** Replaces a native module, which would need a compiler, with one that does nothing. */
async function replaceModule(root: string, name: string, source: string): Promise<void> {
  await writeFile(join(vscodeDir(root), "node_modules/@vscode", name, "index.js"), source);
}

const nativeWatchdog = `exports.start = () => {};\n`;

/** Writes what is logged into the files that VS Code names, so that a test can read what is in them. */
const spdlog = `const { createWriteStream, mkdirSync } = require("node:fs");
const { dirname } = require("node:path");
class Logger {
  level = 2;
  constructor(file) {
    mkdirSync(dirname(file), { recursive: true });
    this.out = createWriteStream(file, { flags: "a" });
    // The folder of a test is deleted while its server still ends.
    this.out.on("error", () => {});
  }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
}
const levels = ["trace", "debug", "info", "warn", "error", "critical"];
for (const [level, name] of levels.entries()) {
  Logger.prototype[name] = function (message) {
    if (level >= this.level) this.out.write(message + "\\n");
  };
}
for (const name of ["setPattern", "clearFormatters", "flush", "drop"]) Logger.prototype[name] = () => {};
exports.version = 0;
exports.setLevel = exports.setFlushOn = () => {};
exports.Logger = Logger;
const create = async (name, file) => new Logger(file);
exports.createRotatingLogger = exports.createAsyncRotatingLogger = create;
`;
