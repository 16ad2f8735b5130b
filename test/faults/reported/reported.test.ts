import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inProject } from "../../../scripts/project.ts";
import { ask, CONSUMERS, type Consumer, request } from "./answers.ts";
import { type ClientInput, type ClientRequest, readCases, type UpstreamInput, upstreamOf } from "./cases.ts";
import { expectSeen } from "./expectations.ts";
import { NAMED_TESTS } from "./namedTests.ts";
import { NOT_YET } from "./notYet.ts";
import { expectationOf, PARTICULARS, requestAll } from "./particulars.ts";
import { startWorld, type TransportName, type WorldOptions } from "./world.ts";

const CASES = readCases();

/** The prompt of cases that have none. */
const PROMPT = { text: "Why is the sky blue?" };

/*
 * The cases of cases.jsonl, each with a fault of providers, clients or settings that people have reported of programs of
 * this kind. `cases.ts` describes their fields. A case that is about settings, prompts or the editor names its test in
 * `namedTests.ts`; what a case words for people is checked in `particulars.ts`.
 */
describe("a reported case", () => {
  for (const { id, summary, input } of CASES) {
    const title = `${id}: ${summary}`;
    const run = () => {
      switch (input.kind) {
        case "upstream-stream":
        case "upstream-response":
        case "price":
          return runUpstreamCase(id, input);
        case "client-request":
          return runClientCase(id, input);
        case "settings":
        case "prompt":
        case "ui":
          return expectNamedTest(id);
      }
    };
    if (id in NOT_YET) it.fails(`${title} [not yet: ${NOT_YET[id]}]`, run);
    else it(title, run);
  }

  it("is known by every id of the lists", () => {
    const ids = CASES.map(({ id }) => id);
    for (const id of [NOT_YET, NAMED_TESTS, PARTICULARS].flatMap(Object.keys)) expect(ids).toContain(id);
  });
});

/** Runs a case and its variants with every consumer. @throws the first failed check, with its variant and consumer */
async function runUpstreamCase(id: string, input: UpstreamInput): Promise<void> {
  for (const variant of [0, ...(input.also ?? []).keys().map((index) => index + 1)]) {
    for (const [consumer, transport] of CONSUMERS) {
      await named(`variant ${variant}, ${consumer} over ${transport}`, () =>
        runVariant(id, input, variant, consumer, transport),
      );
    }
  }
}

async function runVariant(
  id: string,
  input: UpstreamInput,
  variant: number,
  consumer: Consumer,
  transport: TransportName,
): Promise<void> {
  const { checked = [], endpointText, check } = PARTICULARS[id] ?? {};
  const change = input.also?.[variant - 1];
  const upstream = upstreamOf(input, change);
  const world = await startWorld({ ...worldOptions(input), transport, wire: upstream.wire ?? "openai" });
  try {
    const prompts = input.prompts ?? Array.from({ length: input.repeat ?? 1 }, () => PROMPT);
    world.upstream.play(upstream);
    for (const [index, { text, ...more }] of prompts.entries()) {
      const prompt = { text, ...more, tools: input.request?.tools };
      const seen = await ask(world, consumer, prompt);
      const { reasoning, ...expected } = { ...expectationOf(input, index), ...change?.expect };
      const isOwnText = endpointText !== undefined && consumer !== "chat";
      await expectSeen(
        isOwnText
          ? { ...expected, text: endpointText }
          : { ...expected, ...(reasoning === undefined ? {} : { reasoning }) },
        seen,
        world,
        checked,
      );
      await check?.(seen, world, { input, variant, consumer, prompt });
    }
  } finally {
    await world.close();
  }
}

async function runClientCase(id: string, input: ClientInput): Promise<void> {
  const { checked = [], checkAll } = PARTICULARS[id] ?? {};
  const isChat = input.method === "POST" && input.path === "/v1/chat/completions";
  for (const stream of isChat ? [true, false] : [undefined]) {
    await named(stream === false ? "in one piece" : "streamed", async () => {
      const world = await startWorld({ ...worldOptions(input), transport: "undici", wire: "openai" });
      try {
        const send = ({ upstream, body, ...rest }: ClientRequest) => {
          world.upstream.play(upstream ?? {});
          const { method, path, headers } = { ...input, ...rest };
          return request(world, { method, path, headers, body: body && isChat ? { ...body, stream } : body });
        };
        if (checkAll !== undefined) {
          checkAll(await requestAll(world, input), input);
          return;
        }
        const seen = await send({ upstream: input.upstream, body: input.body });
        await expectSeen(input.expect, seen, world, checked);
        if (stream === true && input.clientIdleMs !== undefined) {
          expect(seen.longestSilenceMs).toBeLessThan(input.clientIdleMs);
        }
        const { second } = input;
        const expected = input.expect["second"];
        if (second !== undefined && typeof expected === "object" && expected !== null) {
          await expectSeen({ ...expected }, await send(second), world);
        }
      } finally {
        await world.close();
      }
    });
  }
}

function worldOptions({
  price,
  models,
  settings,
}: UpstreamInput | ClientInput): Pick<WorldOptions, "price" | "models" | "settings"> {
  return { price, models, settings };
}

function expectNamedTest(id: string): void {
  const named = NAMED_TESTS[id];
  expect(named, "a named test").toBeDefined();
  if (named !== undefined) expect(readFileSync(inProject(named.file), "utf8")).toContain(named.title);
}

/** Adds the name of a run to the error of a failed check. */
async function named(name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Error) error.message = `${name}: ${error.message}`;
    throw error;
  }
}
