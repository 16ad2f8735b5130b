import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { request, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createServer } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inProject } from "../../scripts/project.ts";
import { type Simulator, startSimulator } from "../../src/simulator/server.ts";
import { settingsFor, user } from "../server/testServer.ts";
import { startProxy, type TestProxy } from "../support/providers/httpProxy.ts";
import { listen } from "../support/providers/httpResponse.ts";
import { CliProgram, ended } from "./cliProgram.ts";

let program: CliProgram;
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ tokensPerSecond: 2_000 });
  program = await CliProgram.build();
  await program.write("settings.json", JSON.stringify(settingsFor(simulator.url)));
});
afterAll(async () => {
  await program.remove();
  await simulator.stop();
});

type Served = {
  readonly child: ChildProcess;
  readonly url: string;
  readonly ledger: string;
  readonly output: () => string;
};

/** Starts `serve` with a ledger of its own, and waits until it listens. */
async function serve(
  args: readonly string[] = ["--token", "t"],
  environment: Readonly<Record<string, string>> = {},
): Promise<Served> {
  const ledger = program.file(`ledger-${Math.random()}.db`);
  const settings = args.includes("--settings") ? [] : ["--settings", "settings.json"];
  const child = program.start(
    ["serve", ...settings, "--port", "0", "--ledger", ledger, ...args],
    [process.execPath],
    { KEY: simulator.key, ...environment },
  );
  let output = "";
  child.stdout?.on("data", (piece) => {
    output += String(piece);
  });
  child.stderr?.on("data", (piece) => {
    output += String(piece);
  });
  for (;;) {
    const url = /http:\/\/127\.0\.0\.1:\d+\/v1/.exec(output)?.[0];
    if (url !== undefined) return { child, url, ledger, output: () => output };
    await Promise.race([
      once(child.stdout ?? child, "data"),
      ended(child).then((code) => Promise.reject(new Error(`${code}: ${output}`))),
    ]);
  }
}

const ask = (url: string, token: string, content: string, stream: boolean) =>
  fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ model: "auto", stream, messages: user(content) }),
  });

describe("switchyard serve behind a company's proxy, with a certificate of the company", () => {
  const pemFile = (name: string) => inProject("test/support/providers/tls", name);
  let server: Server;
  let proxy: TestProxy;

  beforeAll(async () => {
    const options = { key: readFileSync(pemFile("server.key")), cert: readFileSync(pemFile("server.pem")) };
    server = createTlsServer(options, (incoming, response) => {
      const { method, headers } = incoming;
      const outgoing = request(new URL(incoming.url ?? "", simulator.url), { method, headers });
      outgoing.once("response", (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(response);
      });
      incoming.pipe(outgoing);
    });
    const port = Number(new URL(await listen(server)).port);
    proxy = await startProxy(() => port);
    const settings = JSON.stringify(settingsFor(simulator.url)).replaceAll(simulator.url, "https://up.test");
    await program.write("company.json", settings);
  });
  afterAll(() => {
    proxy.close();
    server.close();
  });

  const askThrough = async (environment: Readonly<Record<string, string>>) => {
    const served = await serve(["--token", "t", "--settings", "company.json"], environment);
    const responses: { readonly status: number; readonly body: string }[] = [];
    for (let count = 0; count < 4; count++) {
      const response = await ask(served.url, "t", "Hello. [tokens: 3]", false);
      responses.push({ status: response.status, body: await response.text() });
    }
    served.child.kill("SIGTERM");
    await ended(served.child);
    return responses;
  };

  it("answers through the proxy", async () => {
    const before = proxy.requests.length;
    const responses = await askThrough({ HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: pemFile("root.pem") });
    for (const { status, body } of responses) {
      expect(status).toBe(200);
      expect(JSON.parse(body)).toMatchObject({ model: "east/sim-cheap" });
    }
    expect(proxy.requests.slice(before)).toContain("CONNECT up.test:443");
  });

  it("names the certificate and what to set without its root, and does not pause the provider", async () => {
    for (const { status, body } of await askThrough({ HTTPS_PROXY: proxy.url })) {
      expect(status).toBe(502);
      expect(JSON.parse(body).error.message).toMatch(
        /east\/sim-cheap: certificate, .*set NODE_EXTRA_CA_CERTS/,
      );
    }
  });

  it("names a variable that holds no address of a proxy, without its value", async () => {
    const child = program.start(["serve", "--settings", "settings.json"], undefined, {
      HTTPS_PROXY: "a b:secret",
    });
    const stderr = child.stderr === null ? "" : await text(child.stderr);
    expect(stderr).toMatch(/^switchyard: HTTPS_PROXY is not the address of a proxy/);
    expect(stderr).not.toContain("secret");
    expect(await ended(child)).toBe(2);
  });
});

describe("switchyard spend", () => {
  it("shows what serve has spent, while it runs", async () => {
    const { child, url, ledger } = await serve();
    await (await ask(url, "t", "Hello. [tokens: 1000]", false)).text();
    const spend = ["spend", "--ledger", ledger];
    const text = await program.run([...spend, "--by", "route", "--settings", "settings.json"]);
    expect([text.code, text.stderr]).toEqual([0, ""]);
    expect(text.stdout).toMatch(
      /^Today \(.{10}\): \$0\.0006\d\nThis month \(.{7}\): .*\n\nFrom .{10} to .{10}:\nroute {2}attempts {2}spent\nAll {11}1 {2}\$0\.0006\d\ntotal {9}1 {2}\$0\.0006\d\n$/,
    );
    const { stdout } = await program.run([...spend, "--json", "--days", "1"]);
    const report = JSON.parse(stdout);
    const headers = { authorization: "Bearer t" };
    const served = await (await fetch(`${url}/switchyard/spend?days=1`, { headers })).json();
    expect(report.total).toEqual(served.total);
    // Without settings the limits are not known.
    expect(Object.keys(served.today)).toEqual([...Object.keys(report.today), "limitUsd", "limitNanoUsd"]);
    child.kill("SIGTERM");
    await ended(child);
  });

  it("reports what it cannot show on one line", async () => {
    for (const [args, message] of [
      [["--by", "week"], "--by must be one of day, model, route, provider."],
      [["--days", "0"], "--days must be a number from 1 to 3660."],
      [["--ledger", "nowhere.db"], "There is no ledger nowhere.db."],
      [["--ledger", "settings.json"], "settings.json is not a ledger of Switchyard"],
    ] as const) {
      const { code, stdout, stderr } = await program.run(["spend", ...args]);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/^[^\n]+\n$/);
      expect(stderr).toContain(message);
    }
    const help = await program.run(["spend", "--help"]);
    expect([help.code, help.stdout]).toEqual([0, expect.stringMatching(/^Usage: switchyard spend /)]);
  });
});

describe("switchyard serve", () => {
  it("uses API keys from the environment, and prints a new token", async () => {
    const { child, url, output } = await serve([]);
    const token = /Token: (\S+)/.exec(output())?.[1] ?? "";
    const answer = await (await ask(url, token, "Hello. [tokens: 3]", false)).json();
    expect(answer).toMatchObject({ model: "east/sim-cheap", usage: { completion_tokens: 3 } });
    expect((await ask(url, "wrong", "Hello.", false)).status).toBe(401);
    child.kill("SIGTERM");
    expect(await ended(child)).toBe(0);
    expect(output()).not.toContain(simulator.key);
  });

  it("names the variables of missing keys when it starts, and in each answer without a model", async () => {
    const models = ["openai/gpt-6-luna", "google/gemini-4-flash", "own/model"];
    const own = { kind: "openai-compatible", baseUrl: simulator.url, apiKeyEnv: "OWN_KEY" };
    const settings = {
      "switchyard.routes": [{ name: "All", models }],
      "switchyard.providers": { own },
    };
    await program.write("keyless.json", JSON.stringify(settings));
    const none = { OPENAI_API_KEY: "", GEMINI_API_KEY: "", GOOGLE_API_KEY: "", OWN_KEY: "" };
    const { child, url, output } = await serve(["--settings", "keyless.json", "--token", "t"], none);
    const variables = ["OPENAI_API_KEY", "GEMINI_API_KEY or GOOGLE_API_KEY", "OWN_KEY"];
    for (const variable of variables) expect(output()).toContain(`Set ${variable} to use them.`);
    expect(output()).not.toContain("simulator");
    const answer = await ask(url, "t", "Hello.", false);
    expect(answer.status).toBe(503);
    const { error } = await answer.json();
    expect(error.message).toContain(`Set ${variables.join(" or ")} in the environment of serve`);
    child.kill("SIGTERM");
    await ended(child);
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "finishes running answers after %s, and accepts no new requests",
    async (signal) => {
      const { child, url, output } = await serve();
      const response = await ask(url, "t", "Hello. [tokens: 2000]", true);
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      const first = await reader?.read();
      child.kill(signal);
      const over = ended(child);
      let text = first?.value ?? "";
      for (let next = await reader?.read(); next?.done === false; next = await reader?.read())
        text += next.value;
      expect(text.trimEnd().endsWith("data: [DONE]")).toBe(true);
      expect(await over).toBe(0);
      await expect(ask(url, "t", "Hello.", false)).rejects.toThrow();
      expect(output()).not.toContain("Token");
    },
  );

  it("reads the settings again when their file changes, and keeps them if it cannot be read", async () => {
    const file = (models: readonly string[]) => {
      const settings = settingsFor(simulator.url);
      return JSON.stringify({ ...settings, "switchyard.routes": [{ name: "All", models }] });
    };
    await program.write("changing.json", file(["east/sim-cheap"]));
    const { child, url, output } = await serve(["--token", "t", "--settings", "changing.json"]);
    const answering = async () => (await (await ask(url, "t", "Hello. [tokens: 1]", false)).json()).model;
    expect(await answering()).toBe("east/sim-cheap");
    // A program that does not replace the file empties it first.
    await program.write("changing.json", "");
    await expect
      .poll(output)
      .toContain("changing.json is not valid JSON: the previous settings still apply.");
    expect(await answering()).toBe("east/sim-cheap");
    await program.write("changing.json", file(["west/sim-balanced"]));
    await expect.poll(output).toContain("The settings in changing.json have changed and apply now.");
    expect(await answering()).toBe("west/sim-balanced");
    await program.write("changing.json", `${file(["east/sim-cheap"])}]`);
    await expect.poll(() => output().split("is not valid JSON: the previous settings").length).toBe(3);
    expect(await answering()).toBe("west/sim-balanced");
    await rm(program.file("changing.json"));
    await expect
      .poll(output)
      .toContain("Cannot read the settings file changing.json: no such file or directory: the previous");
    expect(await answering()).toBe("west/sim-balanced");
    child.kill("SIGTERM");
    expect(await ended(child)).toBe(0);
  });

  it("stops running answers after a second signal", async () => {
    const { child, url } = await serve();
    const response = await ask(url, "t", "Hello. [tokens: 1000000]", true);
    const reader = response.body?.getReader();
    await reader?.read();
    const readingOn = (async () => {
      while ((await reader?.read())?.done === false);
    })();
    const over = ended(child);
    child.kill("SIGTERM");
    // It still answers after the first one.
    await reader?.read();
    child.kill("SIGTERM");
    await expect(readingOn).rejects.toThrow();
    expect(await over).toBe(0);
    await simulator.nextClosedByClient();
  });

  it.each([
    [
      "a route",
      '"switchyard.routes": [{ "name": "R", "when": { "path": ["x"] }, "models": ["east/sim-cheap"] }]',
    ],
    ["a limit", '"switchyard.budget.dailyUsd": "abc"'],
    ["a provider", '"switchyard.providers": { "openai": { "baseURL": "http://127.0.0.1:1/v1" } }'],
    ["the name of a setting", '"switchyard.routs": []'],
    ["the file", '"switchyard.routes": [ "switchyard'],
  ])("does not start if it cannot read %s", async (_, text) => {
    const file = await program.write("wrong.json", `{ ${text} }`);
    const ledger = program.file("none.db");
    const args = ["serve", "--settings", file, "--port", "0", "--ledger", ledger];
    const { code, stdout, stderr } = await program.run(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/cannot be read\. Repair the file, or start with --lenient/);
    expect(stderr.split("\n")[0]).toContain("wrong.json");
  });

  it("starts with --lenient, and blocks what it cannot read", async () => {
    const wrong = { name: "R", when: { path: ["x"] }, models: ["east/sim-cheap"] };
    const settings = { ...settingsFor(simulator.url), "switchyard.routes": [wrong] };
    const file = await program.write("lenient.json", JSON.stringify(settings));
    const { child, url, output } = await serve(["--token", "t", "--lenient", "--settings", file]);
    const before = simulator.requestCount();
    const response = await ask(url, "t", "Hello.", false);
    expect([response.status, (await response.json()).error]).toEqual([
      503,
      expect.objectContaining({
        code: "invalid_route",
        message: expect.stringContaining('switchyard.routes[0].when.path: "path" is not a known key.'),
      }),
    ]);
    expect(simulator.requestCount()).toBe(before);
    expect(output()).toContain('Did you mean "paths"?');
    child.kill("SIGTERM");
    await ended(child);
  });

  it("reports on one line that a port is in use", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" ? address?.port : 0;
    const { code, stdout, stderr } = await program.run([
      "serve",
      "--settings",
      "settings.json",
      "--port",
      String(port),
      "--ledger",
      program.file("used.db"),
    ]);
    other.close();
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(`switchyard: Port ${port} on 127.0.0.1 is in use. Choose another one with --port.\n`);
  });

  it.each([
    ["mine.txt", "mine.txt is not a ledger of Switchyard, but another kind of file. It is unchanged."],
    [".", ". is not a ledger of Switchyard, but a folder."],
  ])("reports on one line that it cannot use %s as the ledger", async (ledger, message) => {
    await program.write("mine.txt", "mine");
    const { code, stderr } = await program.run([
      ...["serve", "--settings", "settings.json", "--port", "0", "--ledger", ledger],
    ]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^[^\n]+\n$/)]);
    expect(stderr).toContain(message);
    expect(await readFile(program.file("mine.txt"), "utf8")).toBe("mine");
  });

  it("reports invalid arguments", async () => {
    const help = await program.run(["serve", "--help"]);
    expect([help.code, help.stderr]).toEqual([0, ""]);
    expect(help.stdout).toContain("--token TOKEN");
    for (const [args, message] of [
      [[], "--settings FILE is missing."],
      [
        ["--settings", "settings.json", "--port", "http"],
        '--port must be a number from 0 to 65535, not "http".',
      ],
      [["--settings", "settings.json", "--prot", "1"], "Unknown option --prot. Did you mean --port?"],
      [["--settings", "nowhere.json"], "Cannot read the settings file nowhere.json"],
    ] as const) {
      const { code, stderr } = await program.run(["serve", ...args]);
      expect(code).toBe(2);
      expect(stderr).toContain(message);
    }
  });
});
