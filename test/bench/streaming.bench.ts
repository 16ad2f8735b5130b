/**
 * What a token costs the page of the chat view, in processor time with layout and painting, at the start of an answer and
 * at the end of one of 100,000 tokens: a mixed answer, and answers that are one long block. Tokens of 4 characters arrive
 * 25 in a frame, and the heap of the page with all of them. The baseline of the same run is a page that appends the same
 * pieces to one unformatted text.
 *
 * Then the longest task while 2,000 pieces of an answer arrive in 100 frames. A person notices a pause of 250 ms.
 */
import type { Browser, CDPSession, Page } from "playwright-core";
import { buildIfStale } from "../../scripts/build/buildIfStale.ts";
import { launchBrowser } from "../../scripts/host/chromium.ts";
import { retryAnswer } from "../webview/answers.ts";
import { servePage } from "../webview/page.ts";
import { opening } from "../webview/scenes/scene.ts";
import { decision, turn } from "../webview/turns.ts";
import { heapMb, openView, send, settled } from "../webview/view.ts";

const RUNS = 5;
const TOKENS = 100_000;
const TOKEN_LENGTH = 4;
const TOKENS_PER_FRAME = 25;
/** The tokens that are measured, at the start and at the end. */
const MEASURED_TOKENS = 2500;

/** Lines of one block each, by their number. */
const shapes: Readonly<Record<string, (n: number) => string>> = {
  "a mixed answer": () => `${retryAnswer}\n\n`,
  "one code block": (n) => (n === 0 ? "```ts\n" : `  const value${n} = await load("${n}"); // line ${n}\n`),
  "one list": (n) => `- item ${n} with *some* words and \`code\` in it\n`,
  "one table": (n) => (n === 0 ? "| a | b |\n|---|---|\n" : `| ${n} | words \`${n}\` and *more* of them |\n`),
  "one paragraph": (n) => `Sentence ${n} with *some* words and \`code\` in it, and more of them. `,
};

const busy = turn("And now?", "", { answer: { decision: decision() } });

await buildIfStale();
const server = await servePage();
const browser = await launchBrowser();
try {
  const rows: Record<string, Record<string, number>> = {};
  for (const [name, line] of Object.entries(shapes)) rows[name] = await costs(browser, line, true);
  rows["one text, unformatted"] = await costs(browser, (n) => shapes["one paragraph"]?.(n) ?? "", false);
  console.table(rows);

  const inView: number[] = [];
  const unformatted: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const page = await openBusy(browser);
    inView.push(await longestTaskMs(page, true));
    unformatted.push(await longestTaskMs(page, false));
    await page.close();
  }
  console.table({
    "one text, unformatted": { "longest task, ms": median(unformatted), worst: Math.max(...unformatted) },
    "the view": { "longest task, ms": median(inView), worst: Math.max(...inView) },
  });
} finally {
  await browser.close();
  server.close();
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

async function openBusy(from: Browser): Promise<Page> {
  const page = await openView(from, server.origin, 600);
  for (const message of opening(1, [busy], "Streaming", busy.id)) await send(page, message);
  await settled(page);
  return page;
}

/** Microseconds for a token at the start and at the end, and the heap at the end. */
async function costs(
  from: Browser,
  line: (n: number) => string,
  isFormatted: boolean,
): Promise<Record<string, number>> {
  const text = textOf(line);
  const page = await openBusy(from);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  if (!isFormatted) await page.evaluate(() => document.body.appendChild(document.createElement("pre")));
  const measured = MEASURED_TOKENS * TOKEN_LENGTH;
  const parts = [
    text.slice(0, measured),
    text.slice(measured, 2 * measured),
    text.slice(2 * measured, -measured),
    text.slice(-measured),
  ];
  const [first = "", second = "", middle = "", last = ""] = parts;
  // Not measured: the code of the page is compiled with it.
  await stream(page, first, TOKENS_PER_FRAME, isFormatted);
  const start = await microsecondsPerToken(session, () =>
    stream(page, second, TOKENS_PER_FRAME, isFormatted),
  );
  await stream(page, middle, 1000, isFormatted);
  await settled(page);
  const end = await microsecondsPerToken(session, () => stream(page, last, TOKENS_PER_FRAME, isFormatted));
  const heap = Math.round(await heapMb(page));
  await page.close();
  return {
    "µs per token at the start": start,
    "at the end": end,
    ratio: Math.round((10 * end) / start) / 10,
    "heap at the end, MB": heap,
  };
}

function textOf(line: (n: number) => string): string {
  let text = "";
  for (let n = 0; text.length < TOKENS * TOKEN_LENGTH; n++) text += line(n);
  return text.slice(0, TOKENS * TOKEN_LENGTH);
}

/** The time that tasks of the page take: scripts, styles, layout and painting. */
async function microsecondsPerToken(session: CDPSession, work: () => Promise<void>): Promise<number> {
  const before = await taskSeconds(session);
  await work();
  return Math.round(((await taskSeconds(session)) - before) * (1e6 / MEASURED_TOKENS));
}

async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
}

/** Sends a text token by token, this many tokens in a frame, and waits for the paint of the last. */
function stream(page: Page, text: string, perFrame: number, isFormatted: boolean): Promise<void> {
  return page.evaluate(
    async ({ turnId, all, length, count, formatted }) => {
      const plain = document.querySelector("body > pre");
      for (let at = 0, n = 1; at < all.length; at += length, n++) {
        const token = all.slice(at, at + length);
        if (formatted) window.postMessage({ type: "text", turnId, text: token }, "*");
        else plain?.append(token);
        if (n % count === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
    },
    { turnId: busy.id, all: text, length: TOKEN_LENGTH, count: perFrame, formatted: isFormatted },
  );
}

/** The longest task, or 0 if none took longer than 50 ms: the browser reports no shorter ones. */
function longestTaskMs(page: Page, isFormatted: boolean): Promise<number> {
  return page.evaluate(
    async ({ turnId, chunk, formatted }) => {
      let longestMs = 0;
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) longestMs = Math.max(longestMs, entry.duration);
      });
      observer.observe({ type: "longtask", buffered: false });
      const plain = document.body.appendChild(document.createElement("pre"));
      for (let n = 0; n < 2000; n++) {
        const text = chunk[n % chunk.length];
        if (formatted) window.postMessage({ type: "text", turnId, text }, "*");
        else plain.append(text ?? "");
        if (n % 20 === 19) await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
      observer.disconnect();
      plain.remove();
      return longestMs;
    },
    { turnId: busy.id, chunk: retryAnswer.match(/[\s\S]{1,12}/g) ?? [], formatted: isFormatted },
  );
}
