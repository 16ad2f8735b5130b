import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../src/simulator/server.ts";
import { ask, quietLine } from "./workbench/chatPage.ts";
import { previewText } from "./workbench/markdownPreview.ts";
import { routedWorkbench } from "./workbench/routedWorkbench.ts";
import type { Workbench } from "./workbench/workbench.ts";

const PROMPT = "Compare two ways to retry a failed request";

/** The route of hard prompts, with an experiment. */
const hard = {
  name: "Hard",
  when: { complexity: ["high"] },
  models: ["west/sim-premium", "east/sim-balanced"],
  experiment: {
    name: "premium-against-balanced",
    control: "west/sim-premium",
    treatment: "east/sim-balanced",
    treatmentShare: 0,
    metric: "costUsd",
  },
};
const rest = { name: "Everything else", models: ["east/sim-cheap", "west/sim-balanced"] };

describe("reports on routes and experiments", () => {
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
        "switchyard.routes": [hard, rest],
      }),
    },
  );

  const report = () => previewText(workbench.page);

  it("reports when an experiment without answers starts", async () => {
    await workbench.command("Switchyard: Show Experiments");
    await expect
      .poll(() => workbench.notifications())
      .toContainEqual(expect.stringContaining("It starts with the next prompt of the route “Hard”."));
  });

  it("sends a short follow-up to the same model", async () => {
    await ask(chat, PROMPT);
    await expect.poll(() => quietLine(chat)).toContain("sim-premium");
    await ask(chat, "go on");
    const line = await quietLine(chat);
    expect(line).toContain("sim-premium");
    expect(line).toContain("Same as before");
  });

  it("shows the arms of an experiment that is not decided yet", async () => {
    await workbench.command("Switchyard: Show Experiments");
    await expect.poll(report).toMatch(/Model\s+west\/sim-premium\s+east\/sim-balanced/);
    const text = await report();
    expect(text).toMatch(/Answers\s+\d\s+0/);
    expect(text).toContain("Not decided yet.");
    await workbench.picture("experiments");
  });

  it("decides the prompts of saved conversations with the current settings", async () => {
    const before = simulator.requests().length;
    await workbench.changeSettings({ "switchyard.routes": [{ ...rest, name: "Thrift" }] });
    await workbench.command("Switchyard: Try Routes…", "Saved conversations");
    await expect.poll(report).toContain("2 prompts from saved conversations");
    expect(await report()).toMatch(new RegExp(`${PROMPT}\\s+Thrift\\s.*west/sim-premium → east/sim-cheap`));
    expect(simulator.requests()).toHaveLength(before);
    await workbench.picture("routes-tried");
  });

  it("decides the prompts of a file", async () => {
    await writeFile(
      join(workbench.folder, "prompts.jsonl"),
      '{"prompt":"What is a|b?"}\nnot json\n{"prompt":"List the months"}\n',
    );
    await workbench.command("Switchyard: Try Routes…", "A file…", "prompts.jsonl");
    await expect.poll(report).toContain("2 prompts from prompts.jsonl");
    const text = await report();
    expect(text).toContain("These lines hold no prompt: 2.");
    expect(text).toMatch(/What is a\|b\?\s+Thrift\s+east\/sim-cheap\s+Low complexity/);
  });
});
