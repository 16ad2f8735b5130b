import { readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import https, { createServer as createTlsServer } from "node:https";
import { afterEach, describe, expect, it, vi } from "vitest";
import { inProject } from "../../../../scripts/project.ts";
import { startProxy } from "../../../../test/support/providers/httpProxy.ts";
import { listen, sendRequest } from "../../../../test/support/providers/httpResponse.ts";
import { nodeTransport } from "./nodeTransport.ts";
import { proxiesIn } from "./proxies.ts";
import { createUndiciTransport } from "./undiciTransport.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closing.splice(0)) await close();
});

const answer: RequestListener = ({ headers, url }, response) => response.end(`${headers.host}${url}`);

/** A server, a proxy in front of it, and a transport for these variables, in which PROXY is the proxy's address. */
async function sceneWith(
  variables: Record<string, string>,
  { status, isTls }: { status?: number; isTls?: boolean } = {},
) {
  const pem = (file: string) => readFileSync(inProject("test/support/providers/tls", file));
  const server =
    isTls === true
      ? createTlsServer({ key: pem("server.key"), cert: pem("server.pem") }, answer)
      : createServer(answer);
  const port = Number(new URL(await listen(server)).port);
  const proxy = await startProxy(() => port, status);
  const environment = Object.entries(variables).map(([name, value]) => [
    name,
    value.replace("PROXY", proxy.url),
  ]);
  const transport = createUndiciTransport(proxiesIn(Object.fromEntries(environment)));
  closing.push(
    () => transport.close(),
    () => proxy.close(),
    () => server.close(),
  );
  return { port, proxy, transport };
}

describe("the proxies in the environment", () => {
  it.each([
    [{}, undefined],
    [{ HTTPS_PROXY: "", NO_PROXY: "*" }, undefined],
    [{ HTTPS_PROXY: "http://p:1" }, ["", "http://p:1", ",localhost,127.0.0.1,::1"]],
    [{ HTTP_PROXY: " p:1 ", NO_PROXY: "a.test" }, ["http://p:1", "", "a.test,localhost,127.0.0.1,::1"]],
    [
      { HTTPS_PROXY: "http://p:1", https_proxy: "socks5://q:2" },
      ["", "socks5://q:2", ",localhost,127.0.0.1,::1"],
    ],
  ])("are read from %o", (environment, expected) => {
    const proxies = proxiesIn(environment);
    expect(proxies && [proxies.httpProxy, proxies.httpsProxy, proxies.noProxy]).toEqual(expected);
  });

  it("are named, without their value, if they are no addresses", () => {
    for (const value of ["http://user:secret@", "ftp://user:secret@p:1", "http:// secret"]) {
      expect(() => proxiesIn({ HTTPS_PROXY: value })).toThrow(
        /^HTTPS_PROXY is not the address of a proxy, such as/,
      );
      expect(() => proxiesIn({ HTTPS_PROXY: value })).not.toThrow(/secret/);
    }
  });
});

describe("the transport over undici", () => {
  it("reaches servers through the proxy", async () => {
    const { proxy, transport } = await sceneWith({ http_proxy: "PROXY" });
    const response = sendRequest(transport, "http://up.test/v1/models?x=1");
    expect((await response.head).status).toBe(200);
    expect(await response.body).toBe("up.test/v1/models");
    expect(proxy.requests).toEqual(["GET http://up.test/v1/models?x=1"]);
  });

  it("reaches this machine, and the hosts in NO_PROXY, without it", async () => {
    const { port, proxy, transport } = await sceneWith({ HTTP_PROXY: "PROXY", NO_PROXY: "up.test" });
    for (const host of ["127.0.0.1", "localhost"])
      expect(await sendRequest(transport, `http://${host}:${port}/`).body).toBe(`${host}:${port}/`);
    await expect(sendRequest(transport, "http://up.test:1/").head).rejects.toThrow();
    expect(proxy.requests).toEqual([]);
  });

  it("checks the certificate of a server behind the proxy", async () => {
    const { proxy, transport } = await sceneWith({ HTTPS_PROXY: "PROXY" }, { isTls: true });
    const { head, exchange } = sendRequest(transport, "https://up.test/v1/models");
    await expect(head).rejects.toMatchObject({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
    expect(exchange.isSent).toBe(false);
    expect(proxy.requests).toEqual(["CONNECT up.test:443"]);
  });

  it.each([
    [403, "https://up.test/"],
    [407, "https://up.test/"],
    [407, "http://up.test/"],
  ])("reports that the proxy refuses a request with %d: %s", async (status, url) => {
    const { transport } = await sceneWith({ HTTP_PROXY: "PROXY" }, { status });
    await expect(sendRequest(transport, url).head).rejects.toMatchObject({
      message: `the proxy answered with status ${status}`,
      code: "EPROXY",
    });
  });
});

it("the transport over Node's HTTP calls the function that VS Code puts in place of Node's", async () => {
  const refusal = new Error("the editor's own request");
  vi.spyOn(https, "request").mockImplementation(() => {
    throw refusal;
  });
  await expect(sendRequest(nodeTransport, "https://up.test/").head).rejects.toBe(refusal);
});
