import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "./client.ts";
import { type Processes, startProcesses, TOKEN, usageOf } from "./processes.ts";

export type Bench = {
  readonly direct: Client;
  readonly relay: Client;
  readonly serve: Client;
  readonly processes: Processes;
};

/** One line of the table. */
export type Row = Readonly<Record<string, string | number>>;

const TARGETS = ["direct", "relay", "serve"] as const;
type Target = (typeof TARGETS)[number];

const SHORT = "Hello. [tokens: 16] [burst]";
const LONG = `${"A sentence of a long prompt, which somebody has written. ".repeat(2340).slice(0, 128 * 1024)} [tokens: 16] [burst]`;

const WARM_CALLS = 20_000;

/** Lets V8 optimize the relay and `serve` before anything is measured. */
export async function warmUp({ relay, serve }: Bench): Promise<void> {
  for (const client of [relay, serve]) {
    let left = WARM_CALLS;
    const ask = async (): Promise<void> => {
      while (left-- > 0) await client.ask(SHORT, left % 4 === 0);
    };
    await Promise.all(Array.from({ length: 32 }, ask));
  }
}

/** Each figure of the table by its name; each row has its goal. */
export const MEASURES: Readonly<Record<string, (bench: Bench) => Promise<readonly Row[]>>> = {
  "one call after the other, in one piece": (bench) =>
    latency(bench, SHORT, false, 2000, { p50: "<= 2.5 x", p99: "<= 3 x" }),
  "the same with a prompt of 128 kB": (bench) => latency(bench, LONG, false, 400, { p50: "<= 1.6 x" }),
  "first token of a stream": (bench) => latency(bench, "Hello. [tokens: 16]", true, 1000, { p50: "<= 2 x" }),
  "32 clients, requests a second": (bench) => throughput(bench, 32, SHORT, false, ">= 40 %"),
  "16 streams of 200 events, events a second": (bench) =>
    throughput(bench, 16, "Hello. [tokens: 200]", true, ">= 75 %"),
  "processor time of 1,000 events": processorTime,
  "a stream of 5,000 events": flatness,
  "cancelled by the client, until the provider's socket is closed": cancelling,
  "64 streams for a minute": minute,
};

/** The number of calls to one target before the next target's, so that the processor's caches are warm. */
const RUN = 50;

/** What is added to a direct call. The targets alternate after each run, so that noise affects all three. */
async function latency(
  bench: Bench,
  prompt: string,
  stream: boolean,
  calls: number,
  goals: Readonly<Record<string, string>>,
): Promise<readonly Row[]> {
  const times: Record<Target, number[]> = { direct: [], relay: [], serve: [] };
  for (let call = -calls; call < calls; call += RUN) {
    for (const target of TARGETS) {
      for (let inRun = 0; inRun < RUN; inRun += 1) {
        const { firstMs, totalMs } = await bench[target].ask(prompt, stream);
        if (call >= 0) times[target].push(stream ? firstMs : totalMs);
      }
    }
  }
  const at = (target: Target, share: number): number => quantile(times[target], share);
  return [0.5, 0.99].map((share) => {
    const added = (target: Target) => at(target, share) - at("direct", share);
    const name = share === 0.5 ? "p50" : "p99";
    return {
      figure: `${name}, ms`,
      direct: round(at("direct", share)),
      "relay adds": round(added("relay")),
      "serve adds": round(added("serve")),
      "serve / relay": `${round(added("serve") / added("relay"))} x`,
      goal: goals[name] ?? "",
    };
  });
}

const ROUNDS = 5;
const ROUND_MS = 2000;

/** How many requests a number of clients completes in a second: the median of alternating rounds. */
async function throughput(
  bench: Bench,
  clients: number,
  prompt: string,
  stream: boolean,
  goal: string,
): Promise<readonly Row[]> {
  const run = async (target: Target, ms: number): Promise<number> => {
    const startedMs = performance.now();
    let done = 0;
    const ask = async (): Promise<void> => {
      while (performance.now() < startedMs + ms) {
        const { events } = await bench[target].ask(prompt, stream);
        done += stream ? events : 1;
      }
    };
    await Promise.all(Array.from({ length: clients }, ask));
    return (done * 1000) / (performance.now() - startedMs);
  };
  const rates: Record<Target, number[]> = { direct: [], relay: [], serve: [] };
  for (const target of TARGETS) await run(target, 2 * ROUND_MS);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const target of TARGETS) rates[target].push(await run(target, ROUND_MS));
  }
  const rate = (target: Target) => quantile(rates[target], 0.5);
  return [
    {
      figure: "a second",
      direct: Math.round(rate("direct")),
      relay: Math.round(rate("relay")),
      serve: Math.round(rate("serve")),
      "serve / relay": `${Math.round((100 * rate("serve")) / rate("relay"))} %`,
      goal,
    },
  ];
}

async function processorTime({ relay, serve, processes }: Bench): Promise<readonly Row[]> {
  const clients = { relay, serve };
  const measured = async (target: "relay" | "serve", prompt: string, parallel: number, calls: number) => {
    const run = async (): Promise<number> => {
      let events = 0;
      const ask = async (): Promise<void> => {
        for (let call = 0; call < calls; call += 1) {
          const received = await clients[target].ask(prompt, true);
          events += received.events;
        }
      };
      await Promise.all(Array.from({ length: parallel }, ask));
      return events;
    };
    await run();
    const before = await usageOf(processes[target]);
    const events = await run();
    const after = await usageOf(processes[target]);
    return ((after.cpuMs - before.cpuMs) * 1000) / events;
  };
  const row = async (figure: string, prompt: string, parallel: number, calls: number): Promise<Row> => {
    const relayMs = await measured("relay", prompt, parallel, calls);
    const serveMs = await measured("serve", prompt, parallel, calls);
    return {
      figure: `${figure}, ms`,
      relay: round(relayMs),
      serve: round(serveMs),
      "serve / relay": `${round(serveMs / relayMs)} x`,
      goal: "<= 1.5 x",
    };
  };
  return [
    await row("16 streams as fast as they are read", "Hello. [tokens: 2000]", 16, 6),
    await row("16 streams of one event every 5 ms", "Hello. [tokens: 400] [everyMs: 5]", 16, 3),
  ];
}

const FLAT_EVENTS = 5000;

/** How long each fifth of a long stream takes: it must not grow. */
async function flatness({ direct, serve }: Bench): Promise<readonly Row[]> {
  const fifths = async (client: Client): Promise<Row> => {
    const marks: number[] = [];
    const prompt = `Hello. [tokens: ${FLAT_EVENTS}]`;
    await client.ask(prompt, true);
    const startedMs = performance.now();
    const onEvents = (events: number): void => {
      while (marks.length < Math.min(5, Math.floor((5 * events) / FLAT_EVENTS)))
        marks.push(performance.now());
    };
    await client.ask(prompt, true, { onEvents });
    return Object.fromEntries(
      marks.map((mark, at) => [`fifth ${at + 1}, ms`, round(mark - (marks[at - 1] ?? startedMs))]),
    );
  };
  return [
    { figure: "direct", ...(await fifths(direct)) },
    { figure: "serve", ...(await fifths(serve)) },
  ];
}

async function cancelling({ serve, processes }: Bench): Promise<readonly Row[]> {
  const times: number[] = [];
  for (let call = 0; call < 200; call += 1) {
    const closed = once(processes.upstream, "message");
    await serve.ask("Hello. [tokens: 5000] [everyMs: 5]", true, { disconnectAfter: 3 });
    const disconnectedNs = process.hrtime.bigint();
    const [{ closedAtNs }] = await closed;
    times.push(Number(BigInt(closedAtNs) - disconnectedNs) / 1e6);
  }
  return [
    {
      figure: "serve, ms",
      p50: round(quantile(times, 0.5)),
      p99: round(quantile(times, 0.99)),
      max: round(quantile(times, 1)),
    },
  ];
}

/** Runs in processes of its own, so that memory which other measures used does not count. */
async function minute(): Promise<readonly Row[]> {
  const processes = await startProcesses();
  const client = new Client(processes.serveOrigin, "auto", TOKEN);
  const untilMs = performance.now() + 60_000;
  let answers = 0;
  let errors = 0;
  const ask = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      try {
        await client.ask("Hello. [tokens: 100] [everyMs: 20]", true);
        answers += 1;
      } catch {
        errors += 1;
      }
    }
  };
  const memory: Record<string, number> = {};
  const watch = async (): Promise<void> => {
    for (const second of [0, 10, 20, 30, 40, 50, 59]) {
      await sleep(Math.max(0, untilMs - 60_000 + second * 1000 - performance.now()));
      memory[`MB at ${second} s`] = Math.round((await usageOf(processes.serve)).rssMb);
    }
  };
  try {
    await Promise.all([watch(), ...Array.from({ length: 64 }, ask)]);
    await sleep(3000);
    const after = Math.round((await usageOf(processes.serve)).rssMb);
    return [{ figure: "serve", answers, errors, ...memory, "MB after": after, goal: "< 130 MB, flat" }];
  } finally {
    client.close();
    await processes.stop();
  }
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? 0;
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
