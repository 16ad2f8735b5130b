import { describe, expect, it } from "vitest";
import { ToolCallAssembler, type ToolCallPart } from "./toolCalls.ts";

/** The calls that these parts make, as name and arguments; or why one cannot be made. */
function callsOf(...parts: readonly ToolCallPart[]) {
  const assembler = new ToolCallAssembler();
  for (const part of parts) assembler.add(part);
  const { calls, problem } = assembler.complete(false);
  return problem ?? calls.map(({ name, argumentsJson }) => [name, argumentsJson]);
}

const oslo = '{"city":"Oslo"}';
const rome = '{"city":"Rome"}';

describe("the tool calls of an answer", () => {
  it.each([
    ["an id each, and the same index", { id: "a" }, { id: "b" }, "get_weather"],
    ["names only, and the same index", {}, {}, "get_time"],
    ["no ids, the same name and the same index", {}, {}, "get_weather"],
    ["the same id, name and index", { id: "a" }, { id: "a" }, "get_weather"],
    ["the same id and index, and another name", { id: "a" }, { id: "a" }, "get_time"],
  ])("are separate with %s", (_, first, second, name) => {
    for (const index of [0, undefined]) {
      const calls = callsOf(
        { index, ...first, name: "get_weather", arguments: oslo },
        { index, ...second, name, arguments: rome },
      );
      expect(calls).toEqual([
        ["get_weather", oslo],
        [name, rome],
      ]);
    }
  });

  it("have ids that differ", () => {
    const assembler = new ToolCallAssembler();
    for (const text of [oslo, rome])
      assembler.add({ index: 0, id: "a", name: "get_weather", arguments: text });
    assembler.add({ index: 7, name: "get_time", arguments: "{}" });
    expect(assembler.complete(false).calls.map(({ id }) => id)).toEqual(["a", "a_1", "call_2"]);
  });

  it("are joined from parts that repeat the id, the name or neither", () => {
    const begin = { index: 0, id: "a", name: "get_weather", arguments: '{"city":' };
    for (const more of [
      { index: 0 },
      { id: "a" },
      { index: 0, id: "a", name: "get_weather" },
      { index: 0, name: "get_weather" },
      {},
    ]) {
      expect(callsOf(begin, { ...more, arguments: '"Oslo"}' })).toEqual([["get_weather", oslo]]);
    }
    expect(callsOf(begin, { index: 0, id: "other", arguments: '"Oslo"}' })).toEqual([["get_weather", oslo]]);
  });

  it("have arguments that were sent twice once", () => {
    const call = { index: 0, id: "a", name: "get_weather" };
    expect(callsOf({ ...call, arguments: oslo }, { ...call, arguments: oslo })).toEqual([
      ["get_weather", oslo],
    ]);
    expect(
      callsOf(
        { ...call, arguments: '{"city":' },
        { index: 0, arguments: '"Oslo"}' },
        { ...call, arguments: '{ "city": "Oslo" }' },
      ),
    ).toEqual([["get_weather", oslo]]);
    expect(callsOf({ ...call, arguments: "{}" }, { index: 0, arguments: oslo })).toEqual([
      ["get_weather", oslo],
    ]);
  });

  it("can be made only with a name and arguments that are JSON", () => {
    expect(callsOf({ index: 0, id: "a", name: "get_weather" })).toEqual([["get_weather", "{}"]]);
    expect(callsOf({ index: 0, id: "a", name: "get_weather", arguments: '{"city":' })).toMatch(
      /get_weather .* JSON/,
    );
    expect(callsOf({ index: 0, name: "a", arguments: oslo }, { index: 0, arguments: rome })).toMatch(/JSON/);
    expect(callsOf({ index: 0, id: "a", arguments: oslo })).toMatch(/no name/);
  });

  it("may have many parts that each repeat the name, and have another field", () => {
    const parts = Array.from({ length: 30_000 }, (_, at) => ({
      arguments: "{}",
      extra: { [`field_${at}`]: at },
    }));
    const call = { index: 0, id: "a", name: "look" };
    const named = parts.map((part) => ({ ...call, ...part }));
    expect(callsOf({ ...call, arguments: oslo }, ...named)).toEqual([["look", oslo]]);
    expect(callsOf({ ...call, arguments: '{"city":"' }, ...named)).toMatch(/JSON/);
  });

  it("keep the fields of the provider's own", () => {
    const assembler = new ToolCallAssembler();
    assembler.add({
      index: 0,
      id: "a",
      name: "look",
      extra: { extra_content: { google: { thought_signature: "s" } } },
    });
    assembler.add({ index: 0, extra: { more: 1 } });
    expect(assembler.complete(false).calls).toMatchObject([
      { extra: { extra_content: { google: { thought_signature: "s" } }, more: 1 } },
    ]);
  });
});
