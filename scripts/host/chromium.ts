import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
import { inProject } from "../build/project.ts";

const names = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
  "microsoft-edge-stable",
];

const places = [
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

/** A Chromium that is already on this machine. */
function findChromium(): string | undefined {
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined && named !== "") {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM_PATH names ${named}, and there is no such file`);
  }
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...places, playwrightsOwn()].find((file) => existsSync(file));
}

/** A Chromium: found, else installed by apt-get (as root), else downloaded by Playwright, else a line that says what to run. */
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
    "No Chromium could be installed. Install Chromium, Chrome or Edge, or set CHROMIUM_PATH, and run this again.",
  );
}

function playwrightsOwn(): string {
  // Throws where Playwright has no build for this platform.
  try {
    return chromium.executablePath();
  } catch {
    return "";
  }
}

/** What a headless Chromium wants where tests run: often as root, in a container, without a graphics card. */
export const chromiumFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
