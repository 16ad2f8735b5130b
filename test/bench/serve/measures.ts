import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "./client.ts";
import { type Processes, startProcesses, TOKEN, usageOf } from "./processes.ts";

type Bench = {
  readonly direct: Client;
  readonly relay: Client;
  readonly serve: Client;
  readonly processes: Processes;
};
type Table = Readonly<Record<string, Readonly<Record<string, string | number>>>>;

const LONG = "A sentence of a long prompt, which somebody has written. ".repeat(2340).slice(0, 128 * 1024);

/** Each figure of the table by its name. */
export const MEASURES: Readonly<Record<string, (bench: Bench) => Promise<Table>>> = {
  "one call after the other, in one piece": (bench) =>
    latency(bench, "Hello. [tokens: 16] [burst]", false, 2000),
  "the same with a prompt of 128 kB": (bench) => latency(bench, `${LONG} [tokens: 16] [burst]`, false, 400),
  "first token of a stream": (bench) => latency(bench, "Hello. [tokens: 16]", true, 1000),
  "32 clients, requests a second": throughput,
  "16 streams of 200 events, events a second": streams,
  "processor time of 1,000 events": cost,
  "a stream of 5,000 events": flatness,
  "cancelled by the client, until the provider's socket is closed": cancelling,
  "64 streams for a minute": minute,
};

/** So many calls go one way before the next way's: enough for a processor to be warm with it. */
const RUN = 50;

/** Direct, relayed and served calls take turns by the run, so that a noisy moment meets all three. */
async function latency(
  { direct, relay, serve }: Bench,
  prompt: string,
  stream: boolean,
  calls: number,
): Promise<Table> {
  const clients = { direct, relay, serve };
  const times: Record<keyof typeof clients, number[]> = { direct: [], relay: [], serve: [] };
  const names = ["direct", "relay", "serve"] as const;
  for (let call = -Math.ceil(calls / 5); call < calls; call += RUN) {
    for (const name of names) {
      for (let inRun = 0; inRun < RUN; inRun += 1) {
        const { firstMs, totalMs } = await clients[name].ask(prompt, stream);
        if (call >= 0) times[name].push(stream ? firstMs : totalMs);
      }
    }
  }
  const at = (name: keyof typeof clients, share: number): number => {
    const sorted = times[name].toSorted((a, b) => a - b);
    return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  };
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        "p50 ms": round(at(name, 0.5)),
        "p99 ms": round(at(name, 0.99)),
        "added p50 ms": round(at(name, 0.5) - at("direct", 0.5)),
        "added p99 ms": round(at(name, 0.99) - at("direct", 0.99)),
      },
    ]),
  );
}

const ROUNDS = 3;

async function throughput(bench: Bench): Promise<Table> {
  return rates(bench, async (client, seconds) => {
    const untilMs = performance.now() + seconds * 1000;
    let calls = 0;
    const ask = async (): Promise<void> => {
      while (performance.now() < untilMs) {
        await client.ask("Hello. [tokens: 16] [burst]", false);
        calls += 1;
      }
    };
    await Promise.all(Array.from({ length: 32 }, ask));
    return calls;
  });
}

async function streams(bench: Bench): Promise<Table> {
  return rates(bench, async (client, seconds) => {
    const untilMs = performance.now() + seconds * 1000;
    let events = 0;
    const ask = async (): Promise<void> => {
      while (performance.now() < untilMs) {
        const seen = await client.ask("Hello. [tokens: 200]", true);
        events += seen.events;
      }
    };
    await Promise.all(Array.from({ length: 16 }, ask));
    return events;
  });
}

/** How much a client gets done in a second, in rounds that take turns. */
async function rates(
  bench: Bench,
  run: (client: Client, seconds: number) => Promise<number>,
): Promise<Table> {
  const names = ["direct", "relay", "serve"] as const;
  const done: Record<(typeof names)[number], number[]> = { direct: [], relay: [], serve: [] };
  for (const name of names) await run(bench[name], 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of names) {
      const startedMs = performance.now();
      const count = await run(bench[name], 2);
      done[name].push((count * 1000) / (performance.now() - startedMs));
    }
  }
  const best = (name: (typeof names)[number]) => median(done[name]);
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        "a second": Math.round(best(name)),
        "of direct": `${Math.round((100 * best(name)) / best("direct"))} %`,
      },
    ]),
  );
}

async function cost({ relay, serve, processes }: Bench): Promise<Table> {
  const measured = async (name: "relay" | "serve", prompt: string, parallel: number, calls: number) => {
    const client = { relay, serve }[name];
    await client.ask(prompt, true);
    const before = await usageOf(processes[name]);
    let events = 0;
    const ask = async (): Promise<void> => {
      for (let call = 0; call < calls; call += 1) {
        const seen = await client.ask(prompt, true);
        events += seen.events;
      }
    };
    await Promise.all(Array.from({ length: parallel }, ask));
    const after = await usageOf(processes[name]);
    return round(((after.cpuMs - before.cpuMs) * 1000) / events);
  };
  const both = async (prompt: string, parallel: number, calls: number) => ({
    "relay, ms CPU": await measured("relay", prompt, parallel, calls),
    "serve, ms CPU": await measured("serve", prompt, parallel, calls),
  });
  return {
    "as fast as taken, 16 streams of 2,000": await both("Hello. [tokens: 2000]", 16, 4),
    "50 a second each, 64 streams of 200": await both("Hello. [tokens: 200] [everyMs: 20]", 64, 2),
  };
}

/** How long each fifth of it takes: it must not grow. */
async function flatness({ direct, serve }: Bench): Promise<Table> {
  const fifths = async (client: Client): Promise<Record<string, number>> => {
    const EVENTS = 5000;
    const marks: number[] = [];
    await client.ask("Hello. [tokens: 5000]", true);
    const startedMs = performance.now();
    await client.ask("Hello. [tokens: 5000]", true, (events) => {
      while (marks.length < Math.min(5, Math.floor((5 * events) / EVENTS))) marks.push(performance.now());
    });
    return Object.fromEntries(
      marks.map((mark, at) => [`fifth ${at + 1}, ms`, round(mark - (marks[at - 1] ?? startedMs))]),
    );
  };
  return { direct: await fifths(direct), serve: await fifths(serve) };
}

async function cancelling({ serve, processes }: Bench): Promise<Table> {
  const times: number[] = [];
  for (let call = 0; call < 200; call += 1) {
    const closed = once(processes.upstream, "message");
    await serve.ask("Hello. [tokens: 5000] [everyMs: 5]", true, undefined, 3);
    const cutNs = process.hrtime.bigint();
    const [{ closedAtNs }] = await closed;
    times.push(Number(BigInt(closedAtNs) - cutNs) / 1e6);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  return { serve: { "p50 ms": at(0.5), "p99 ms": at(0.99), "max ms": at(1) } };
}

/** In processes of their own, started for it: what other measures left in memory does not count. */
async function minute(): Promise<Table> {
  const processes = await startProcesses();
  const client = new Client(processes.serveOrigin, "auto", TOKEN);
  const untilMs = performance.now() + 60_000;
  let events = 0;
  let answers = 0;
  let errors = 0;
  const ask = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      try {
        const seen = await client.ask("Hello. [tokens: 100] [everyMs: 20]", true);
        events += seen.events;
        answers += 1;
      } catch {
        errors += 1;
      }
    }
  };
  const rss: Record<string, number> = {};
  const watch = async (): Promise<void> => {
    for (const second of [0, 10, 20, 30, 40, 50, 59]) {
      await sleep(Math.max(0, untilMs - 60_000 + second * 1000 - performance.now()));
      rss[`MB at ${second} s`] = Math.round((await usageOf(processes.serve)).rssMb);
    }
  };
  try {
    await Promise.all([watch(), ...Array.from({ length: 64 }, ask)]);
    await sleep(3000);
    const after = Math.round((await usageOf(processes.serve)).rssMb);
    return { serve: { answers, events, errors, ...rss, "MB after": after } };
  } finally {
    await client.close();
    await processes.stop();
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
