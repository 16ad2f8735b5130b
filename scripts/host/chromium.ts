import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type LaunchOptions,
} from "playwright-core";
import { inProject } from "../project.ts";

/** The programs that a Chromium may be installed as. */
const PROGRAMS = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
  "microsoft-edge-stable",
];

/** Where macOS and Windows keep Chromium's relatives. */
const PLACES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  ...[process.env["PROGRAMFILES"], process.env["PROGRAMFILES(X86)"], process.env["LOCALAPPDATA"]].flatMap(
    (root) =>
      root === undefined
        ? []
        : [
            join(root, "Google/Chrome/Application/chrome.exe"),
            join(root, "Microsoft/Edge/Application/msedge.exe"),
          ],
  ),
];

/** Tests often run as root, in a container and without a graphics card. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a headless Chromium. This process handles the signals, and ends Chromium with everything else. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch(launchOptions());
}

/**
 * Starts a headless Chromium with a new profile. Unlike a context of `launchBrowser`, it keeps compiled scripts: from the
 * third page on, its processes need a quarter less time to load VS Code (4.7 s instead of 6.4).
 */
export function launchBrowserWithProfile(options: BrowserContextOptions): Promise<BrowserContext> {
  // Playwright makes a folder for the profile, and deletes it.
  return chromium.launchPersistentContext("", { ...launchOptions(), ...options });
}

function launchOptions(): LaunchOptions {
  return {
    executablePath: installChromium(),
    args: FLAGS,
    chromiumSandbox: false,
    headless: true,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  };
}

/** A Chromium that is installed on this machine. @throws an error if CHROMIUM_PATH names no file */
function findChromium(): string | undefined {
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined && named !== "") {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM_PATH names ${named}, which does not exist.`);
  }
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const onPath = PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...PLACES, playwrightChromium()].find((file) => existsSync(file));
}

/**
 * Finds a Chromium, or installs one: with apt-get as root on Linux, else with Playwright's download.
 * @throws an error that names what to do if none can be installed
 */
export function installChromium(): string {
  const found = findChromium();
  if (found !== undefined) return found;
  console.log("No Chromium found; installing one…");
  const installers: (readonly [string, readonly string[]])[] = [
    [process.execPath, [inProject("node_modules/playwright-core/cli.js"), "install", "chromium"]],
  ];
  if (process.platform === "linux" && process.getuid?.() === 0) {
    installers.unshift(
      ["apt-get", ["install", "-y", "--no-install-recommends", "chromium"]],
      ["sh", ["-c", "apt-get update && apt-get install -y --no-install-recommends chromium"]],
    );
  }
  for (const [command, args] of installers) {
    spawnSync(command, args, {
      stdio: ["ignore", "ignore", "ignore"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    const installed = findChromium();
    if (installed !== undefined) return installed;
  }
  throw new Error(
    "No Chromium could be installed. Install Chromium, Chrome or Edge, or set CHROMIUM_PATH, and try again.",
  );
}

function playwrightChromium(): string {
  // Playwright throws if it has no build for this platform.
  try {
    return chromium.executablePath();
  } catch {
    return "";
  }
}
