import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../src/simulator/server.ts";
import { answerEnds, ask, quietLine } from "./workbench/chatPage.ts";
import { routedWorkbench } from "./workbench/routedWorkbench.ts";
import type { Workbench } from "./workbench/workbench.ts";

const TICKET =
  "---\ndescription: Write a ticket in our format\n---\nWrite a ticket about {file} in {language}.";

/** Settings that come with a repository. */
const workspaceSettings = {
  "switchyard.routes": [{ name: "Theirs", models: ["west/sim-premium", "home/sim-local"] }],
  "switchyard.privatePaths": ["**/orders.ts"],
};

describe("commands, and what a workspace brings once it is trusted", () => {
  let simulator: Simulator;
  let workbench: Workbench;
  let chat: Frame;

  routedWorkbench(
    async (opened) => {
      ({ simulator, workbench } = opened);
      chat = await workbench.openChat();
    },
    {
      settings: (routed) => ({
        ...routed,
        "switchyard.prompts": { mine: "Say what {selection} does." },
        "switchyard.routes": [
          { name: "Reviews", when: { commands: ["review"] }, models: ["west/sim-premium"] },
          { name: "Mine", models: ["east/sim-cheap", "home/sim-local"] },
        ],
      }),
      prepare: async (folder) => {
        await mkdir(join(folder, ".switchyard", "prompts"), { recursive: true });
        await writeFile(join(folder, ".switchyard", "prompts", "ticket.md"), TICKET);
        await mkdir(join(folder, ".vscode"));
        await writeFile(join(folder, ".vscode", "settings.json"), JSON.stringify(workspaceSettings));
      },
      workspaceTrust: true,
    },
  );

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
  const sentTexts = () => simulator.requests().map(({ body }) => JSON.stringify(body));

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

  it("ignores the routes of a workspace that is not trusted", async () => {
    await ask(chat, "What is a closure?");
    const line = await quietLine(chat);
    expect(line).toContain("Mine");
    expect(line).toContain("sim-cheap");
  });

  it("sends private code of a workspace that is not trusted to a local model only", async () => {
    const prompts = chat.locator("article.sy-turn--user");
    const before = await prompts.count();
    await workbench.openFile("orders.ts");
    await workbench.selectAll();
    await workbench.command("Switchyard: Explain");
    await expect.poll(() => prompts.last().innerText()).toContain("orders.ts:1–");
    await expect.poll(() => quietLine(chat)).toContain("sim-local");
    expect(await prompts.count()).toBe(before + 1);
  });

  it("edits private code of a workspace that is not trusted with a local model", async () => {
    await workbench.selectAll();
    await workbench.command("Switchyard: Fix");
    const lenses = workbench.page.locator(".codelens-decoration a");
    await expect.poll(() => lenses.filter({ hasText: "sim-local" }).count()).toBe(1);
    await lenses.filter({ hasText: "Discard" }).first().click();
    await expect.poll(() => lenses.count()).toBe(0);
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
    await writeFile(join(workbench.folder, ".switchyard", "prompts", "tidy.md"), "Tidy {file}");
    await type("/ti");
    await expect.poll(listed).toEqual(["/ticket", "/tidy"]);
  });

  it("uses the routes of the workspace once it is trusted", async () => {
    await workbench.newConversation();
    await ask(chat, "What is a closure?");
    await expect.poll(() => quietLine(chat)).toContain("Theirs");
  });

  it("opens the model picker", async () => {
    await type("/model");
    await input().press("Enter");
    await chat.getByRole("combobox", { name: "Search models" }).waitFor();
    expect(await input().inputValue()).toBe("");
  });
});
