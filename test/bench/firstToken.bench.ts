/**
 * The time from Enter to the first painted token, in VS Code with the simulator as the provider, next to a baseline in the
 * same run: the same prompt in a plain HTTP request.
 */
import { stopSharedHost } from "../e2e/workbench/host.ts";
import { Workbench } from "../e2e/workbench/workbench.ts";
import { routedSetup } from "../support/routedSimulator.ts";

const runs = 20;
const prompt = "What is a closure?";

const setup = await routedSetup();
const workbench = await Workbench.open({ settings: setup.settings, env: setup.env });
try {
  const chat = await workbench.openChat();
  const input = chat.locator("textarea.sy-input-text");
  const answers = chat.locator("article.sy-turn:not(.sy-turn--user)");
  const painted: number[] = [];
  for (let run = 0; run < runs + 1; run++) {
    await input.fill(prompt);
    const ms = await chat.evaluate(async () => {
      const before = document.querySelectorAll(".sy-turn:not(.sy-turn--user) .sy-md").length;
      const startedMs = performance.now();
      document
        .querySelector("textarea.sy-input-text")
        ?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
      const seen = (): boolean => {
        const texts = document.querySelectorAll(".sy-turn:not(.sy-turn--user) .sy-md");
        return texts.length > before && (texts[texts.length - 1]?.textContent ?? "") !== "";
      };
      while (!seen()) await new Promise((resolve) => requestAnimationFrame(resolve));
      return performance.now() - startedMs;
    });
    await answers.nth(run).locator("button.sy-quiet").waitFor();
    // The first prompt loads the provider's SDK.
    if (run > 0) painted.push(ms);
    else console.log(`first prompt, with loading: ${ms.toFixed(0)} ms`);
  }
  const plain: number[] = [];
  for (let run = 0; run < runs; run++) plain.push(await plainFirstTokenMs());
  console.table({
    "plain request, first byte of the body": summary(plain),
    "Enter to the first painted token": summary(painted),
  });
} finally {
  await workbench.close();
  await stopSharedHost();
  await setup.simulator.stop();
}

async function plainFirstTokenMs(): Promise<number> {
  const startedMs = performance.now();
  const response = await fetch(`${setup.simulator.url}/openai/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${setup.simulator.key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "sim-cheap", stream: true, messages: [{ role: "user", content: prompt }] }),
  });
  const reader = response.body?.getReader();
  await reader?.read();
  const ms = performance.now() - startedMs;
  await reader?.cancel();
  return ms;
}

function summary(times: readonly number[]): { readonly "p50 ms": number; readonly "worst ms": number } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number =>
    Number((sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1));
  return { "p50 ms": at(0.5), "worst ms": at(1) };
}
