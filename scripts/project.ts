import { spawn } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const projectDir = dirname(dirname(fileURLToPath(import.meta.url)));

/** A path inside the repository. */
export function inProject(...parts: string[]): string {
  return join(projectDir, ...parts);
}

/**
 * Runs a program in the repository's folder, with node_modules/.bin first on its PATH.
 * @param logFile receives the program's output; without it the output is shown
 * @returns the exit code; 1 if the program does not start or a signal ends it
 */
export function runTool(command: string, args: readonly string[], logFile?: string): Promise<number> {
  const output = logFile === undefined ? "inherit" : openLog(logFile);
  const path = `${inProject("node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}`;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: projectDir,
      env: { ...process.env, PATH: path },
      shell: process.platform === "win32",
      stdio: ["ignore", output, output],
    });
    child.on("error", (error) => {
      console.error(`${command} did not start: ${error.message}`);
      resolve(1);
    });
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, "w");
}
