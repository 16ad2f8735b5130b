import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ManualTimers } from "../../../../test/support/manualTimers.ts";
import { startTimer } from "../../../base/time/timer.ts";
import { type CommandOptions, startCommand } from "./commandProcess.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "switchyard-verify-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const node = (script: string) => `"${process.execPath}" -e "${script}"`;
const start = (command: string, options: Partial<CommandOptions> = {}) =>
  startCommand(command, {
    folder,
    environment: process.env,
    timeoutMs: 60_000,
    startTimer,
    onOutput: () => {},
    ...options,
  });

describe("the command that checks an edit", () => {
  it("ends with its exit code and the last lines of its output", async () => {
    const printed: string[] = [];
    const script =
      "for (let n = 1; n <= 100; n++) console.log(n); process.stderr.write('10%\\r20%\\n\\u001b[31mfailed\\u001b[0m'); process.exitCode = 3";
    const { exit, lastLines } = await start(node(script), { onOutput: (text) => printed.push(text) }).end;
    expect(exit).toEqual({ kind: "exited", code: 3 });
    expect(lastLines).toHaveLength(60);
    expect(lastLines).toEqual(expect.arrayContaining(["100", "20%", "failed"]));
    expect(printed.join("")).toContain("1\n2\n");
  });

  it("runs in the folder, and passes with exit code 0", async () => {
    const script = "require('node:fs').writeFileSync('here', 'x')";
    expect(await start(node(script)).end).toEqual({ exit: { kind: "exited", code: 0 }, lastLines: [] });
    expect(await readFile(join(folder, "here"), "utf8")).toBe("x");
  });

  it("ends after its time with all that it has started, also what ignores the signal", async () => {
    const timers = new ManualTimers();
    const child = "process.on('SIGTERM', () => {}); console.log(process.pid); setInterval(() => {}, 1000)";
    const script = `require('node:child_process').spawn(process.execPath, ['-e', atob('${btoa(child)}')], { stdio: 'inherit' })`;
    const started = Promise.withResolvers<string>();
    const command = start(node(script), {
      timeoutMs: 5_000,
      startTimer: timers.start,
      onOutput: started.resolve,
    });
    const pid = Number(await started.promise);
    // The time is over, then the time to end.
    timers.fire();
    timers.fire();
    expect((await command.end).exit).toEqual({ kind: "timed-out", afterMs: 5_000 });
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it("prints no more than a terminal can take, and ends with the last of its output", async () => {
    const pauses: (() => void)[] = [];
    let isTaken = false;
    let printed = 0;
    const script = "process.stdout.write('x'.repeat(99).concat('\\n').repeat(20_000) + 'last')";
    const command = start(node(script), {
      startTimer: (callback, ms) => {
        if (ms >= 500) return startTimer(callback, ms);
        if (isTaken) setImmediate(callback);
        else pauses.push(callback);
        return () => {};
      },
      onOutput: (text) => {
        printed += text.length;
      },
    });
    await expect.poll(() => pauses.length).toBe(1);
    const before = printed;
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect([printed === before, printed < 1_000_000]).toEqual([true, true]);
    isTaken = true;
    for (const end of pauses) end();
    const { lastLines } = await command.end;
    expect([printed, lastLines.at(-1)]).toEqual([2_000_004, "last"]);
  });

  it("does not start where its folder does not exist", async () => {
    const { exit } = await start("echo", { folder: join(folder, "none") }).end;
    expect(exit.kind).toBe("not-started");
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
