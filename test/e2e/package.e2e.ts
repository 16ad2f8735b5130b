import { existsSync } from "node:fs";
import type { Frame } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildIfStale } from "../../scripts/build/buildIfStale.ts";
import { packVsix } from "../../scripts/build/package.ts";
import { ask, quietLine } from "./workbench/chatPage.ts";
import { Workbench } from "./workbench/workbench.ts";

describe("the installed package", () => {
  let workbench: Workbench;
  let chat: Frame;

  beforeAll(async () => {
    // Not built again while other tests use dist/.
    const { path: vsix } = await packVsix(buildIfStale);
    expect(existsSync(vsix)).toBe(true);
    workbench = await Workbench.open({ vsix, workspaceTrust: true });
    chat = await workbench.openChat();
  });
  afterAll(() => workbench?.close());

  it("answers a prompt in Restricted Mode", async () => {
    await ask(chat, "What is a closure?");
    await expect.poll(() => quietLine(chat)).toContain("free");
    expect(workbench.webviewErrors).toEqual([]);
  });
});
