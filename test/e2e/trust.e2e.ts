import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { inProject } from "../../scripts/project.ts";
import { type RoutedSetup, routedSetup } from "../support/routedSimulator.ts";
import { ask, quietLine } from "./chatPage.ts";
import { Workbench } from "./workbench.ts";

/** Settings that come with a repository. */
const workspaceSettings = {
  "switchyard.routes": [{ name: "Theirs", models: ["west/sim-premium", "home/sim-local"] }],
  "switchyard.privatePaths": ["**/retry.ts"],
};

describe("workspace trust", () => {
  let setup: RoutedSetup;
  let workbench: Workbench;
  let chat: Frame;
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "switchyard-trust-"));
    const folder = join(dir, "demo");
    await cp(inProject("test/demo"), folder, { recursive: true });
    await mkdir(join(folder, ".vscode"));
    await writeFile(join(folder, ".vscode", "settings.json"), JSON.stringify(workspaceSettings));
    setup = await routedSetup();
    const routes = [{ name: "Mine", models: ["east/sim-cheap", "home/sim-local"] }];
    const settings = { ...setup.settings, "switchyard.routes": routes };
    workbench = await Workbench.open({ settings, env: setup.env, folder, workspaceTrust: true });
    chat = await workbench.openChat();
  }, 120_000);
  afterAll(async () => {
    await workbench?.close();
    await setup?.simulator.stop();
    await rm(dir, { recursive: true, force: true });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await workbench.picture(`failed-${task.id}`);
  });

  it("ignores the routes of an untrusted workspace", async () => {
    await ask(chat, "What is a closure?");
    const line = await quietLine(chat);
    expect(line).toContain("Mine");
    expect(line).toContain("sim-cheap");
  });

  it("sends private code of an untrusted workspace to a local model only", async () => {
    await workbench.openFile("retry.ts");
    await workbench.selectAll();
    await workbench.command("Switchyard: Explain");
    await expect
      .poll(() => chat.locator("article.sy-turn--user").last().innerText())
      .toContain("retry.ts:1–");
    await expect.poll(() => quietLine(chat)).toContain("sim-local");
    expect(await chat.locator("article.sy-turn--user").count()).toBe(2);
  });

  it("uses the routes of a trusted workspace", async () => {
    await workbench.command("Workspaces: Manage Workspace Trust");
    await workbench.page
      .locator(".workspace-trust-editor")
      .getByRole("button", { name: "Trust", exact: true })
      .click();
    await workbench.page.getByText("You trust this folder").waitFor();
    await workbench.page.keyboard.press("Escape");
    await workbench.command("Switchyard: New Conversation");
    await chat.locator(".sy-start").waitFor();
    await ask(chat, "What is a closure?");
    await expect.poll(() => quietLine(chat)).toContain("Theirs");
  });
});
