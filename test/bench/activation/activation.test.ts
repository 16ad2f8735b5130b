import { ok } from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { it } from "mocha";
import * as vscode from "vscode";

/** Resolves when the extension host is idle: no timer is late for half a second. */
async function untilIdle(): Promise<void> {
  for (let onTime = 0; onTime < 10; ) {
    const startedMs = performance.now();
    await sleep(50);
    onTime = performance.now() - startedMs < 60 ? onTime + 1 : 0;
  }
}

async function activationMs(id: string): Promise<number> {
  const extension = vscode.extensions.getExtension(id);
  ok(extension, `${id} is not installed`);
  ok(!extension.isActive, `${id} is active already`);
  const startedMs = performance.now();
  await extension.activate();
  return performance.now() - startedMs;
}

/** The time from `activate()` until its promise resolves. The first extension is a warm-up, and the second the baseline. */
it("measures the activation of each extension", async function () {
  this.timeout(60_000);
  await untilIdle();
  await activationMs("switchyard.warmup");
  const baseline = await activationMs("switchyard.baseline");
  const switchyard = await activationMs("switchyard.switchyard");
  const file = process.env["SWITCHYARD_BENCH_TIMES"];
  ok(file);
  const before: unknown[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  writeFileSync(file, JSON.stringify([...before, { baseline, switchyard }]));
});
