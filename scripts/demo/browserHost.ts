import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { HostServer, quietSettings, userSettingsFile } from "../host/server.ts";
import { inProject } from "../project.ts";

/** Starts VS Code's server with the extension and, if there is a screen, opens it in a browser. @returns its address */
export async function openInBrowser(folder: string, home: string): Promise<string> {
  const dir = inProject(".vscode-test/demo-host");
  const settings = await userSettingsFile(dir);
  if (!existsSync(settings)) await writeFile(settings, JSON.stringify(quietSettings, null, 2));
  const server = await HostServer.start({ dir, env: { SWITCHYARD_HOME: home } });
  const url = server.url({ folder, extensionDevelopmentPath: inProject() });
  const opener = browserOpener();
  // The caller prints the address, so a browser that does not start is no failure.
  if (opener !== undefined)
    spawn(opener, [url], { stdio: "ignore", detached: true })
      .on("error", () => {})
      .unref();
  return url;
}

function browserOpener(): string | undefined {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === "darwin") return "open";
  if (process.platform === "win32") return "explorer";
  return DISPLAY || WAYLAND_DISPLAY ? "xdg-open" : undefined;
}
