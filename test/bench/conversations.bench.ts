/**
 * How long it takes to show the list of 500 conversations, to search it, and to open a conversation of 1,000 turns: in the
 * ledger, in the messages between editor and view, and in the view; then to scroll and to find in it. Next to baselines in
 * the same run: an empty list, and a conversation of 10 turns.
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { buildIfStale } from "../../scripts/build/buildIfStale.ts";
import { launchBrowser } from "../../scripts/host/chromium.ts";
import type { Conversation, ConversationRow, Turn, TurnPlace } from "../../src/contract/conversation.ts";
import type { History } from "../../src/contract/history.ts";
import { alternativesIn } from "../../src/contract/turnTree.ts";
import type { ToView } from "../../src/contract/view/protocol.ts";
import { conversationView, turnViews } from "../../src/editor/chat/conversationView.ts";
import { openLedger } from "../../src/ledger/sqlite/open.ts";
import { decisionOf, summaryOf } from "../support/ledgers/ledgerRecords.ts";
import { median } from "../support/median.ts";
import { retryAnswer } from "../webview/answers.ts";
import { servePage } from "../webview/page.ts";
import { opening } from "../webview/scenes/scene.ts";
import { heapMb, loadTurns, openView, send } from "../webview/view.ts";

const CONVERSATIONS = 500;
const LONG = 1_000;
const RUNS = 5;
const SCROLL_FRAMES = 100;
const HOUR_MS = 3_600_000;
const nowMs = Date.now();

const skipped = Array.from(
  { length: 30 },
  (_, index) =>
    ({
      ref: `openrouter/model-${index}`,
      reason: "below-min-quality",
      quality: 0.2,
      minQuality: 0.6,
    }) as const,
);

/** A turn with an answer of 2,000 characters, and attached code in every third one. */
function turnOf(conversation: number, number: number): Turn {
  const id = `c${conversation}t${number}`;
  const code = `const value${number} = await read(${number});\n`.repeat(100);
  return {
    id,
    atMs: nowMs - conversation * HOUR_MS + number,
    prompt: {
      text: `Question ${number}: why does the request wait, and what follows from it?`,
      context:
        number % 3 > 0
          ? []
          : [
              {
                kind: "file",
                path: "src/a.ts",
                language: "typescript",
                startLine: 1,
                endLine: 100,
                text: code,
                tokens: 1_000,
                isPrivate: false,
              },
            ],
    },
    answer: {
      text: `${retryAnswer}\n\nAnswer ${number} of conversation ${conversation}. ${"It waits. ".repeat(60)}`,
      fallbacks: [],
      decidedInMs: 2,
      decision: { ...decisionOf(id, nowMs), skipped },
      summary: summaryOf(id, 400, { kind: "complete" }),
    },
  };
}

async function fill(history: History): Promise<void> {
  for (let conversation = 0; conversation < CONVERSATIONS; conversation += 1) {
    const length = conversation === 0 ? LONG : 4 + (conversation % 9);
    const header = {
      id: `c${conversation}`,
      title: `Conversation ${conversation} about requests`,
      createdAtMs: nowMs - conversation * HOUR_MS,
      updatedAtMs: nowMs - conversation * HOUR_MS,
      isPrivate: false,
    };
    const turns = Array.from({ length }, (_, number) => turnOf(conversation, number));
    await history.addConversation({ ...header, turns });
  }
}

/** The tree of a conversation in which every prompt has another answer that is not shown. */
function twoAnswersEach(turns: readonly Turn[]): readonly TurnPlace[] {
  return turns.flatMap(({ id }, index) => {
    const parent = turns[index - 1]?.id ?? null;
    return [
      { id: `${id}-other`, parent, variantOf: null, chosen: 2 * index },
      { id, parent, variantOf: `${id}-other`, chosen: 2 * index + 1 },
    ];
  });
}

function conversationMessage(conversation: Conversation): ToView {
  return { type: "conversation", conversation: conversationView(conversation), busyTurnId: null };
}

/** Measures some runs. Returns the last result. */
async function time<T>(name: string, run: () => T | Promise<T>): Promise<T> {
  const times: number[] = [];
  for (;;) {
    const startMs = performance.now();
    const result = await run();
    times.push(performance.now() - startMs);
    if (times.length === RUNS) {
      report(name, times);
      return result;
    }
  }
}

const figures: Record<string, { "median, ms": string; worst: string }> = {};

function report(name: string, times: readonly number[]): void {
  figures[name] = { "median, ms": (median(times) ?? 0).toFixed(1), worst: Math.max(...times).toFixed(1) };
}

type Measured = {
  readonly rows: readonly ConversationRow[];
  readonly found: readonly ConversationRow[];
  readonly long: Conversation;
};

async function measureLedger(file: string): Promise<Measured> {
  const ledger = await openLedger({ file, now: Date.now, randomId: randomUUID });
  const { history } = ledger;
  await fill(history);
  console.log(
    `${CONVERSATIONS} conversations, one of ${LONG} turns: ${Math.round(statSync(file).size / 1e6)} MB`,
  );
  const rows = await time("ledger: list", () => history.conversations("", CONVERSATIONS));
  const found = await time("ledger: search that all match in their texts", () =>
    history.conversations("wait header", CONVERSATIONS),
  );
  await time("ledger: search that nothing matches", () => history.conversations("nowhere", CONVERSATIONS));
  const long = await time(`ledger: open ${LONG} turns`, () => history.conversation("c0"));
  if (long === undefined) throw new Error("The long conversation is gone");
  const message = await time(`message of ${LONG} turns, as JSON and back`, () => {
    const text = JSON.stringify(conversationMessage(long));
    JSON.parse(text);
    return text;
  });
  await time(`branches of ${LONG} turns with two answers each`, () => {
    const alternativesTo = alternativesIn({ tree: twoAnswersEach(long.turns) });
    for (const { id } of long.turns) alternativesTo(id);
  });
  console.log(`message of ${LONG} turns: ${(message.length / 1e6).toFixed(1)} MB`);
  await ledger.close();
  return { rows, found, long };
}

/** Sends a message, and returns the milliseconds until the view has painted what it shows. */
function paintedMs(page: Page, message: ToView): Promise<number> {
  return page.evaluate(async (data) => {
    const startMs = performance.now();
    window.postMessage(data, "*");
    // The message is handled in the next task, and painted before the second frame after it.
    await new Promise((resolve) => setTimeout(resolve));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return performance.now() - startMs;
  }, message);
}

/** Returns after how many milliseconds every turn is filled. */
function filledMs(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const startMs = performance.now();
    while (document.querySelector("article[data-turn]:empty, .sy-turns:empty") !== null) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return performance.now() - startMs;
  });
}

/** Scrolls from the end to the beginning, and returns the longest frame in milliseconds. */
function longestScrollFrameMs(page: Page): Promise<number> {
  return page.evaluate(async (frames) => {
    const log = document.querySelector(".sy-log");
    if (log === null) throw new Error("There is no conversation");
    const step = log.scrollHeight / frames;
    let longestMs = 0;
    let lastMs = await new Promise<number>(requestAnimationFrame);
    for (let n = 0; n < frames; n += 1) {
      log.scrollTop -= step;
      const frameMs = await new Promise<number>(requestAnimationFrame);
      longestMs = Math.max(longestMs, frameMs - lastMs);
      lastMs = frameMs;
    }
    return longestMs;
  }, SCROLL_FRAMES);
}

/** Types a letter into the find bar, and returns the longest task until the count is shown, in milliseconds. */
function longestFindTaskMs(page: Page, query: string): Promise<number> {
  return page.evaluate(async (text) => {
    let longestMs = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longestMs = Math.max(longestMs, duration);
    });
    observer.observe({ type: "longtask", buffered: false });
    const input = document.querySelector<HTMLInputElement>(".sy-find-bar input");
    if (input === null) throw new Error("The find bar is not open");
    input.value = text;
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    observer.disconnect();
    return longestMs;
  }, query);
}

/** The processor time of the page's main thread while something runs, in milliseconds. */
async function processorMs(page: Page, run: () => Promise<void>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const taskSeconds = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
  };
  const before = await taskSeconds();
  await run();
  const after = await taskSeconds();
  await session.detach();
  return (after - before) * 1000;
}

async function measureView(browser: Browser, origin: string, { rows, found, long }: Measured): Promise<void> {
  const runs: Record<string, number[]> = {};
  const add = (name: string, ms: number) => {
    runs[name] = [...(runs[name] ?? []), ms];
  };
  const memory: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const page = await openView(browser, origin, 800);
    for (const message of opening(1, [], "Empty")) await send(page, message);
    add("view: list of 0", await paintedMs(page, { type: "conversations", rows: [], query: "", nowMs }));
    add(
      `view: list of ${rows.length}`,
      await paintedMs(page, { type: "conversations", rows, query: "", nowMs }),
    );
    add(
      `view: search result of ${found.length}`,
      await paintedMs(page, { type: "conversations", rows: found, query: "wait header", nowMs }),
    );
    await loadTurns(page, turnViews(long.turns, long));
    const short = { ...long, id: "short", turns: long.turns.slice(-10) };
    add("view: open 10 turns", await paintedMs(page, conversationMessage(short)));
    add(`view: open ${LONG} turns`, await paintedMs(page, conversationMessage(long)));
    // The turns that are not visible are filled in the frames after that.
    add(`view: until all ${LONG} turns are filled`, await filledMs(page));
    memory.push(await heapMb(page));
    const scrolledMs = await processorMs(page, async () => {
      add(`view: longest frame while scrolling ${LONG} turns`, await longestScrollFrameMs(page));
    });
    add("view: processor time of a frame of that", scrolledMs / SCROLL_FRAMES);
    await send(page, { type: "find" });
    await page.waitForSelector(".sy-find-bar");
    add(`view: longest task of the first search in ${LONG} turns`, await longestFindTaskMs(page, "header"));
    add("view: longest task of the next search", await longestFindTaskMs(page, "headers"));
    await page.close();
  }
  for (const [name, times] of Object.entries(runs)) report(name, times);
  console.log(`view: heap with ${LONG} turns: ${(median(memory) ?? 0).toFixed(0)} MB`);
}

await buildIfStale();
const folder = mkdtempSync(join(tmpdir(), "switchyard-bench-"));
const server = await servePage();
const browser = await launchBrowser();
try {
  const measured = await measureLedger(join(folder, "ledger.db"));
  await measureView(browser, server.origin, measured);
  console.table(figures);
} finally {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true });
}
