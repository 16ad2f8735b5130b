import { globSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inProject } from "../../scripts/project.ts";
import { eventsOf, startTestServer, type TestServer, TOKEN } from "../server/testServer.ts";
import { documentAt, shellCommandsIn, tableRowsIn, wordsOf } from "./documents.ts";

const page = documentAt("docs/serve.md");
const requests = shellCommandsIn(page).filter((command) => command.startsWith("curl "));

let scene: TestServer;
beforeAll(async () => {
  scene = await startTestServer();
});
afterAll(async () => {
  expect(scene.errors).toEqual([]);
  await scene.close();
});

/** Sends the request that a `curl` command describes, to the server of this test. */
function send(command: string): Promise<Response> {
  const [, url = "", ...options] = wordsOf(command);
  const valuesOf = (option: string) => options.filter((_, at) => options[at - 1] === option);
  const [body] = valuesOf("-d");
  const headers = valuesOf("-H").map(
    (header) => header.replace("$TOKEN", TOKEN).split(": ", 2) as [string, string],
  );
  return fetch(url.replace("http://127.0.0.1:4141/v1", scene.server.url), {
    headers,
    ...(body === undefined ? {} : { method: "POST", body }),
  });
}

describe("docs/serve.md", () => {
  it("has requests that the server answers: in one piece, as a stream, the list of models, and what was spent", async () => {
    const [whole = "", stream = "", models = "", spend = "", ...others] = requests;
    expect(others).toEqual([]);
    const answered = await send(whole);
    expect(await answered.json()).toMatchObject({
      object: "chat.completion",
      choices: [{ finish_reason: "stop" }],
    });
    const streamed = await send(stream);
    expect((await eventsOf(streamed)).at(-1)).toBe("[DONE]");
    expect(await (await send(models)).json()).toMatchObject({
      object: "list",
      data: expect.arrayContaining([expect.objectContaining({ id: "auto" })]),
    });
    const report: unknown = await (await send(spend)).json();
    expect(report).toMatchObject({ by: "model", rows: [{ attempts: 2 }] });
    const fields = JSON.stringify(report).matchAll(/"(\w+)":/g);
    for (const [, field] of fields) expect(documentAt("docs/cli.md").text).toContain(`\`${field}\``);

    const documented = [...page.text.matchAll(/^\| `(x-switchyard-[\w-]+)` \|/gm)].map(([, name]) => name);
    const sent = (response: Response) =>
      [...response.headers.keys()].filter((name) => name.startsWith("x-switchyard-"));
    expect(sent(answered).sort()).toEqual(documented.sort());
    expect(sent(streamed)).not.toContain("x-switchyard-cost-usd");
  });

  it("lists the codes of errors that the server has, and no others", () => {
    const source = globSync("src/server/**/*.ts", { cwd: inProject() })
      .map((file) => readFileSync(inProject(file), "utf8"))
      .join("\n");
    const codes = [
      ...source.matchAll(/(?:code(?::| =)|Error\(\s*\d+,|undefined,)\s*"([a-z]+(?:_[a-z]+)*)"/g),
    ];
    const rows = tableRowsIn(page.text).filter(([status = ""]) => /^\d{3}$/.test(status));
    const documented = rows.flatMap(([, code = ""]) => code.match(/[a-z]+(?:_[a-z]+)*(?=`)/g) ?? []);
    expect([...new Set(documented)].sort()).toEqual([...new Set(codes.map(([, code]) => code))].sort());
  });
});
