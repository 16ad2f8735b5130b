import { spawn } from "node:child_process";
import { delimiter } from "node:path";
import { inProject } from "./build/project.ts";

/** Runs a program (of node_modules/.bin, or any other) to its end, with its output going to ours; gives its exit code. */
export function runTool(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const path = `${inProject("node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}`;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: inProject(),
      env: { ...process.env, PATH: path, ...env },
      shell: process.platform === "win32",
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", (error) => {
      console.error(`${command} did not start: ${error.message}`);
      resolve(1);
    });
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

/** Runs one of this project's own scripts. */
export function runScript(name: string, args: readonly string[] = []): Promise<number> {
  return runTool(process.execPath, [inProject("scripts", name), ...args]);
}
