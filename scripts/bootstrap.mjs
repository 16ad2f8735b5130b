/**
 * The first step of `npm start` and `npm test`. It runs on the machine's own Node and imports no package: it installs
 * what is missing and goes on with the Node that the project pins.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const projectDir = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(projectDir, "node_modules");
const windows = process.platform === "win32";
const pinnedNode = join(modules, "node", "bin", windows ? "node.exe" : "node");

/**
 * Installs the packages if need be and runs a script of scripts/ with the pinned Node, in place of this process.
 * @param {string} script
 */
export function goOnWith(script) {
  if (Number(process.versions.node.split(".")[0]) < 20) {
    console.error(`Switchyard needs Node 20 or newer to begin with; this is ${process.version}.`);
    process.exit(1);
  }
  if (!isInstalled()) install();
  const child = spawn(pinnedNode, [join(projectDir, "scripts", script), ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { ...process.env, PATH: `${join(modules, ".bin")}${delimiter}${process.env.PATH ?? ""}` },
  });
  // The child ends what it started and then itself; until then this process waits.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
    process.on(signal, () => child.kill(signal));
  // npm, asked to end, ends its shell but not what that started: an orphan ends too.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 500).unref();
  child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
}

/** Whether node_modules holds what package-lock.json asks for, by npm's own note of what it installed. */
function isInstalled() {
  const note = join(modules, ".package-lock.json");
  if (!existsSync(note) || !existsSync(pinnedNode)) return false;
  const wanted = JSON.parse(readFileSync(join(projectDir, "package-lock.json"), "utf8")).packages;
  const present = JSON.parse(readFileSync(note, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional }]) =>
      path === "" || optional === true || devOptional === true || present[path]?.version === version,
  );
}

function install() {
  console.log("Installing packages…");
  // npm tells its scripts where it is; run by hand, it is on the PATH.
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith(".js") ? [process.execPath, [npm]] : ["npm", []];
  // Not `npm ci`: it refuses a lock file made where a registry lacks other platforms' optional packages. Without saving,
  // `install` takes the lock's versions too, and leaves the lock alone.
  const args = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync(command, [...first, ...args], {
    cwd: projectDir,
    shell: windows && command === "npm",
    stdio: "inherit",
  });
  if (status === 0 && existsSync(pinnedNode)) return;
  console.error(
    status === 0
      ? "npm installed the packages but not Node itself (its install script was held back): run `npm rebuild node`."
      : "The packages could not be installed: see npm's words above.",
  );
  process.exit(1);
}
