/**
 * The first step of `npm start` and `npm test`: `node scripts/bootstrap.mjs SCRIPT [ARGUMENT…]`. It runs on any Node
 * from 20 on and imports no package. It installs the packages if need be, and runs the script with the pinned Node.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const projectDir = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(projectDir, "node_modules");
const isWindows = process.platform === "win32";
const pinnedNode = join(modules, "node", "bin", isWindows ? "node.exe" : "node");

if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error(`Switchyard needs Node 20 or newer to install; this is ${process.version}.`);
  process.exit(1);
}
if (!isInstalled()) install();
runWithPinnedNode(process.argv.slice(2));

/** Whether node_modules holds the versions of package-lock.json, as npm recorded them when it installed. */
function isInstalled() {
  const record = join(modules, ".package-lock.json");
  if (!existsSync(record) || !existsSync(pinnedNode)) return false;
  const wanted = JSON.parse(readFileSync(join(projectDir, "package-lock.json"), "utf8")).packages;
  const present = JSON.parse(readFileSync(record, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional }]) =>
      path === "" || optional === true || devOptional === true || present[path]?.version === version,
  );
}

function install() {
  console.log("Installing packages…");
  // npm passes its own path to its scripts. Without npm around this process, it is on the PATH.
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith(".js") ? [process.execPath, [npm]] : ["npm", []];
  // `npm ci` removes node_modules first. Windows cannot remove the program that runs this script.
  const removable = !(isWindows && process.execPath.startsWith(modules));
  const how = removable ? ["ci"] : ["install", "--no-save"];
  const { status } = spawnSync(command, [...first, ...how, "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: projectDir,
    shell: isWindows && command === "npm",
    stdio: "inherit",
  });
  if (status === 0 && existsSync(pinnedNode)) return;
  console.error(
    status === 0
      ? "npm did not run the install script of the package `node`. Run `npm rebuild node`."
      : "npm could not install the packages. Its output is above.",
  );
  process.exit(1);
}

/** @param {string[]} scriptAndArguments */
function runWithPinnedNode([script = "", ...args]) {
  const child = spawn(pinnedNode, [join(projectDir, "scripts", script), ...args], {
    stdio: "inherit",
    env: { ...process.env, PATH: `${join(modules, ".bin")}${delimiter}${process.env.PATH ?? ""}` },
  });
  // The child ends its own processes before it exits; this process waits for it.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
    process.on(signal, () => child.kill(signal));
  // npm ends its shell on a signal, but not the shell's children: the child also ends when this process is orphaned.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 500).unref();
  child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
}
