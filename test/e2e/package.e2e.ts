import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Frame } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inProject, runTool } from "../../scripts/project.ts";
import { ask, quietLine } from "./chatPage.ts";
import { Workbench } from "./workbench.ts";

describe("the installed package", () => {
  let workbench: Workbench;
  let chat: Frame;

  beforeAll(async () => {
    const { version } = JSON.parse(await readFile(inProject("package.json"), "utf8"));
    const vsix = inProject(`switchyard-${version}.vsix`);
    expect(await runTool(process.execPath, [inProject("scripts/build/package.ts")])).toBe(0);
    expect(existsSync(vsix)).toBe(true);
    workbench = await Workbench.open({ vsix, workspaceTrust: true });
    chat = await workbench.openChat();
  }, 180_000);
  afterAll(() => workbench?.close());

  it("answers a prompt in Restricted Mode", async () => {
    await ask(chat, "What is a closure?");
    await expect.poll(() => quietLine(chat)).toContain("free");
    expect(workbench.webviewErrors).toEqual([]);
  });
});
