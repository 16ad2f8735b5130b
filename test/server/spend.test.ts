import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { localDay } from "../../src/base/time/calendar.ts";
import { startTestServer, type TestServer, TOKEN, user } from "./testServer.ts";

let scene: TestServer;

beforeAll(async () => {
  scene = await startTestServer({ "switchyard.budget.monthlyUsd": 2 });
});
afterAll(() => scene.close());

const spend = (query = "", token = TOKEN) =>
  fetch(`${scene.server.url}/switchyard/spend${query}`, { headers: { authorization: `Bearer ${token}` } });

it("returns what was spent, with limits, in dollars and billionths of a dollar", async () => {
  const chat = await scene.chat({ model: "auto", messages: user("Hello. [tokens: 100]") });
  const costUsd = Number(chat.headers.get("x-switchyard-cost-usd"));
  expect(costUsd).toBeGreaterThan(0);
  const today = localDay(Date.now());
  const spentNanoUsd = Math.round(costUsd * 1e9);
  const spent = { spentUsd: spentNanoUsd / 1e9, spentNanoUsd, unknownAttempts: 0 };
  const reserved = { reservedUsd: 0, reservedNanoUsd: 0 };
  for (const [by, name] of Object.entries({
    route: "All",
    provider: "east",
    model: "east/sim-cheap",
    day: today,
  })) {
    const report = await (await spend(`?by=${by}&days=2`)).json();
    expect(report).toEqual({
      today: { period: today, ...spent, ...reserved, limitUsd: null, limitNanoUsd: null },
      month: { period: today.slice(0, 7), ...spent, ...reserved, limitUsd: 2, limitNanoUsd: 2_000_000_000 },
      by,
      from: expect.any(String),
      to: today,
      total: { ...spent, attempts: 1 },
      rows: [{ name, ...spent, attempts: 1 }],
    });
  }
});

it("needs the token, and names what is wrong in the query", async () => {
  expect((await spend("", "wrong")).status).toBe(401);
  for (const [query, param] of [
    ["?by=week", "by"],
    ["?days=x", "days"],
    ["?since=2999-01-01", "since"],
  ] as const) {
    const response = await spend(query);
    expect(response.status).toBe(400);
    expect((await response.json()).error).toMatchObject({ param, code: "invalid_value" });
  }
});

it("answers while another process holds the ledger's lock, and includes the cost once it can be settled", async () => {
  const before = (await (await spend()).json()).today.spentNanoUsd;
  const other = new DatabaseSync(join(scene.folder, "ledger.db"));
  onTestFinished(() => other.close());
  const { settle } = scene.ledger.budget;
  // The lock is taken between the reservation and the settlement.
  scene.ledger.budget.settle = (...input) => {
    other.exec("BEGIN IMMEDIATE");
    scene.ledger.budget.settle = settle;
    return settle.apply(scene.ledger.budget, input);
  };
  const chat = await scene.chat({ model: "auto", messages: user("Hello. [tokens: 100]") });
  const costUsd = Number(chat.headers.get("x-switchyard-cost-usd"));
  expect((await chat.json()).choices).toHaveLength(1);
  const report = spend().then((response) => response.json());
  other.exec("ROLLBACK");
  expect((await report).today).toMatchObject({
    spentNanoUsd: before + Math.round(costUsd * 1e9),
    reservedNanoUsd: 0,
  });
});

it("reports a settlement that fails after the answer", async () => {
  const { settle } = scene.ledger.budget;
  const failed = Promise.withResolvers<void>();
  scene.ledger.budget.settle = async () => {
    scene.ledger.budget.settle = settle;
    setImmediate(failed.resolve);
    throw new Error("The ledger is broken.");
  };
  const chat = await scene.chat({ model: "auto", messages: user("Hello. [tokens: 100]") });
  expect((await chat.json()).choices).toHaveLength(1);
  await failed.promise;
  expect(scene.errors).toEqual([new Error("The ledger is broken.")]);
});
