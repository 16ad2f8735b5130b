import { ok } from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { it } from "mocha";
import * as vscode from "vscode";

/** Resolves when the extension host has finished its own start: half a second in which no timer came late. */
async function quiet(): Promise<void> {
  for (let calm = 0; calm < 10; ) {
    const startedMs = performance.now();
    await sleep(50);
    calm = performance.now() - startedMs < 60 ? calm + 1 : 0;
  }
}

async function activationMs(id: string): Promise<number> {
  const extension = vscode.extensions.getExtension(id);
  ok(extension, `${id} is not there`);
  ok(!extension.isActive, `${id} is active already: its time cannot be taken`);
  const startedMs = performance.now();
  await extension.activate();
  return performance.now() - startedMs;
}

/** From `activate()` to its promise, loading included. The first extension warms the way; the second is the baseline. */
it("measures an activation of each", async function () {
  this.timeout(60_000);
  await quiet();
  await activationMs("switchyard.warmup");
  const baseline = await activationMs("switchyard.baseline");
  const switchyard = await activationMs("switchyard.switchyard");
  const file = process.env["SWITCHYARD_BENCH_TIMES"];
  ok(file);
  const before: unknown[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  writeFileSync(file, JSON.stringify([...before, { baseline, switchyard }]));
});
