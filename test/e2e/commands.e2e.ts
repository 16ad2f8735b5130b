import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { inProject } from "../../scripts/project.ts";
import { type RoutedSetup, routedSetup } from "../support/routedSimulator.ts";
import { answerEnds, quietLine } from "./chatPage.ts";
import { Workbench } from "./workbench.ts";

const TICKET =
  "---\ndescription: Write a ticket in our format\n---\nWrite a ticket about {file} in {language}.";

describe("commands in the chat", () => {
  let setup: RoutedSetup;
  let workbench: Workbench;
  let chat: Frame;
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "switchyard-commands-"));
    const folder = join(dir, "demo");
    await cp(inProject("test/demo"), folder, { recursive: true });
    await mkdir(join(folder, ".switchyard", "prompts"), { recursive: true });
    await writeFile(join(folder, ".switchyard", "prompts", "ticket.md"), TICKET);
    setup = await routedSetup();
    const settings = {
      ...setup.settings,
      "switchyard.prompts": { mine: "Say what {selection} does." },
      "switchyard.routes": [
        { name: "Reviews", when: { commands: ["review"] }, models: ["west/sim-premium"] },
        { name: "Everything else", models: ["east/sim-cheap"] },
      ],
    };
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

  const input = () => chat.locator("textarea.sy-input-text");
  const listed = () => chat.locator(".sy-popup .sy-row-main").allInnerTexts();
  const forecast = () => chat.locator(".sy-forecast").innerText();
  const lastPrompt = () => chat.locator("article.sy-turn--user").last().innerText();
  /** Types into the input as a person does, after what was there is removed. */
  const type = async (text: string) => {
    await input().click();
    await input().press("ControlOrMeta+A");
    await input().press("Delete");
    await input().pressSequentially(text);
  };
  /** Sends what is typed, and resolves when its answer has ended. */
  const sendTyped = async () => {
    const prompts = chat.locator("article.sy-turn--user");
    const before = await prompts.count();
    await input().press("Enter");
    await expect.poll(() => prompts.count()).toBe(before + 1);
    await answerEnds(chat);
  };
  const sentTexts = () => setup.simulator.requests().map(({ body }) => JSON.stringify(body));

  it("lists the user's own prompts, but none of a workspace that is not trusted", async () => {
    await type("/");
    await expect.poll(listed).toContain("/mine");
    expect(await listed()).toEqual(expect.arrayContaining(["/explain", "/commit", "/new"]));
    await input().pressSequentially("ti");
    await expect.poll(listed).toEqual([]);
    await type("/mi");
    await expect.poll(listed).toEqual(["/mine"]);
    await input().press("Home");
    await expect.poll(listed).toEqual([]);
  });

  it("says what a command lacks, keeps its text, and sends it once the code is selected", async () => {
    await type("/mi");
    await input().press("Enter");
    expect(await input().inputValue()).toBe("/mine ");
    await expect.poll(forecast).toContain("No editor is open.");
    await input().press("Enter");
    await expect.poll(() => input().inputValue()).toBe("/mine");
    await expect.poll(forecast).toContain("No editor is open.");
    expect(await chat.locator("article.sy-turn--user").count()).toBe(0);
    await workbench.openFile("retry.ts");
    await workbench.selectAll();
    await expect.poll(forecast).toContain("sim-cheap");
    await input().click();
    await input().press("End");
    await input().pressSequentially(" in one sentence");
    await sendTyped();
    expect(await lastPrompt()).toMatch(/^\/mine in one sentence\s+retry\.ts:1–/);
    expect(sentTexts().at(-1)).toMatch(/Say what src\/retry\.ts:1–\d+ does\.\\n\\nin one sentence/);
    expect(sentTexts().at(-1)).toContain("export");
  });

  it("takes the route of its command", async () => {
    await type("/rev");
    await input().press("Tab");
    await expect.poll(forecast).toContain("Reviews");
    await sendTyped();
    expect(await quietLine(chat)).toContain("sim-premium");
    await workbench.picture("command-sent");
  });

  it("brings earlier prompts with arrow-up, also in a new conversation", async () => {
    await type("");
    await input().press("ArrowUp");
    await expect.poll(() => input().inputValue()).toBe("/review");
    await input().press("ArrowUp");
    expect(await input().inputValue()).toBe("/mine in one sentence");
    await input().press("ArrowDown");
    await input().press("ArrowDown");
    expect(await input().inputValue()).toBe("");
    await type("/new");
    await input().press("Enter");
    await chat.locator(".sy-start").waitFor();
    await input().press("ArrowUp");
    await expect.poll(() => input().inputValue()).toBe("/review");
  });

  it("offers the prompts of the workspace once it is trusted, and follows their files", async () => {
    await workbench.command("Workspaces: Manage Workspace Trust");
    await workbench.page
      .locator(".workspace-trust-editor")
      .getByRole("button", { name: "Trust", exact: true })
      .click();
    await workbench.page.getByText("You trust this folder").waitFor();
    await workbench.page.keyboard.press("Escape");
    await workbench.openFile("total.ts");
    await type("/ti");
    await expect.poll(listed).toEqual(["/ticket"]);
    expect(await chat.locator(".sy-popup").innerText()).toContain("Write a ticket in our format");
    await input().press("Enter");
    await sendTyped();
    expect(sentTexts().at(-1)).toContain("Write a ticket about src/total.ts in typescript.");
    await writeFile(join(dir, "demo", ".switchyard", "prompts", "tidy.md"), "Tidy {file}");
    await type("/ti");
    await expect.poll(listed).toEqual(["/ticket", "/tidy"]);
  });

  it("opens the model picker and violates no content security policy", async () => {
    await type("/model");
    await input().press("Enter");
    await chat.getByRole("combobox", { name: "Search models" }).waitFor();
    expect(await input().inputValue()).toBe("");
    expect(workbench.webviewErrors).toEqual([]);
  });
});
