import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer, TOKEN, user } from "./testServer.ts";

let scene: TestServer;

beforeAll(async () => {
  scene = await startTestServer();
});
afterAll(async () => {
  expect(scene.errors).toEqual([]);
  await scene.close();
});

const HELLO = { model: "auto", messages: user("Hello. [tokens: 2]") };

function send(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  return fetch(new URL(path, scene.server.url), { headers, ...init });
}

describe("a browser's preflight", () => {
  it("is refused as what it is, without a token and without headers that allow an origin", async () => {
    const headers = { origin: "app://obsidian.md", "access-control-request-method": "POST" };
    for (const path of ["/v1/chat/completions", "/v1/models", "/elsewhere"]) {
      const response = await send(path, { method: "OPTIONS", headers });
      expect(response.status).toBe(403);
      expect((await response.json()).error).toMatchObject({ code: "origin_not_allowed" });
      expect([...response.headers.keys()].join()).not.toContain("access-control");
    }
  });
});

describe("GET /v1/models/{id}", () => {
  it.each([
    ["auto", "auto", "switchyard"],
    ["Only%20west", "Only west", "switchyard"],
    ["west/sim-cheap", "west/sim-cheap", "west"],
    ["west%2Fsim-cheap?x=1", "west/sim-cheap", "west"],
    ["west/sim-cheap/", "west/sim-cheap", "west"],
  ])("describes one model: %s", async (path, id, owner) => {
    const response = await send(`/v1/models/${path}`);
    expect(response.status).toBe(200);
    const entry = await response.json();
    expect(entry).toEqual({ id, object: "model", created: expect.any(Number), owned_by: owner });
    const { data } = await (await send("/v1/models")).json();
    expect(data).toContainEqual(entry);
  });

  it("is a 404 that lists the names for any other name, also with broken escapes", async () => {
    for (const path of ["nothing", "%E0%A4", "west/"]) {
      const response = await send(`/v1/models/${path}`);
      expect(response.status).toBe(404);
      const { error } = await response.json();
      expect(error).toMatchObject({ code: "model_not_found" });
      expect(error.message).toContain('"west/sim-cheap"');
    }
  });
});

describe("an address", () => {
  it("may have more slashes, between its parts and at its end", async () => {
    const body = JSON.stringify(HELLO);
    for (const path of ["/v1/chat/completions/", "/v1//chat/completions"])
      expect((await send(path, { method: "POST", body })).status).toBe(200);
    expect((await send("/v1/models/")).status).toBe(200);
    expect((await send("/")).status).toBe(404);
  });

  it("may begin with the server's origin, as clients of a proxy send it", async () => {
    const { origin } = new URL(scene.server.url);
    expect(await sendRaw(`GET ${origin}/v1/models?x=1 HTTP/1.1\r\nHost: 127.0.0.1`)).toMatch(
      /^HTTP\/1\.1 200 /,
    );
  });
});

describe("the header x-request-id", () => {
  it("is on every response: the client's if it is short and plain, else a new one", async () => {
    const idOf = async (given: string | undefined, body: unknown = HELLO) => {
      const headers = {
        authorization: `Bearer ${TOKEN}`,
        ...(given === undefined ? {} : { "x-request-id": given }),
      };
      const response = await scene.chat(body, { headers });
      await response.text();
      return response.headers.get("x-request-id");
    };
    expect(await idOf("req_1:a.b")).toBe("req_1:a.b");
    expect(await idOf("req_2", { ...HELLO, stream: true })).toBe("req_2");
    expect(await idOf("req_3", { model: "nothing" })).toBe("req_3");
    const own = await Promise.all([undefined, "x".repeat(200), "a b", ""].map((given) => idOf(given)));
    for (const id of own) expect(id).toMatch(/^[\da-f-]{36}$/);
    expect(new Set(own).size).toBe(own.length);
  });
});

it("rejects a request with two Host headers", async () => {
  const response = await sendRaw("GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: example.com");
  expect(response).toMatch(/^HTTP\/1\.1 400 .*"code":"one_host_only"/s);
});

/** Sends a request whose head begins with these lines. Returns the response as text. */
function sendRaw(head: string): Promise<string> {
  const client = connect(Number(new URL(scene.server.url).port), "127.0.0.1");
  client.write(`${head}\r\nAuthorization: Bearer ${TOKEN}\r\nConnection: close\r\n\r\n`);
  return text(client);
}

it.each([
  {
    what: "compressed",
    headers: { "content-encoding": "gzip" },
    body: gzipSync(JSON.stringify(HELLO)),
    status: 415,
  },
  {
    what: "not UTF-8",
    headers: {},
    body: Buffer.from(JSON.stringify(HELLO).replace("Hello", "H\xe9"), "latin1"),
    status: 400,
  },
])("rejects a body that is $what, and says so", async ({ what, headers, body, status }) => {
  const init = { method: "POST", body, headers: { authorization: `Bearer ${TOKEN}`, ...headers } };
  const response = await send("/v1/chat/completions", init);
  expect(response.status).toBe(status);
  expect((await response.json()).error.message).toMatch(
    what === "compressed" ? /without compression/ : /UTF-8/,
  );
});

it("never sends on, stores or repeats a name that no model can have", async () => {
  const long = `east/${"x".repeat(100_000)}`;
  for (const model of [long, "east/sim\u0000", "east/sim\u202egpj", "east/sim\ud800"]) {
    const before = scene.simulator.requestCount();
    const response = await scene.chat({ ...HELLO, model });
    expect(response.status).toBe(404);
    const { message } = (await response.json()).error;
    expect(message.length).toBeLessThan(1000);
    expect(message).toMatch(/^There is no model or route "east\/[x\ufffdsimgpj]+"/);
    expect(scene.simulator.requestCount()).toBe(before);
  }
});
