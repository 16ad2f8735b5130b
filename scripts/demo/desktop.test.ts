import { expect, it } from "vitest";
import { isNewEnough } from "./desktop.ts";

it.each([
  ["1.106.0\nabc\nx64", true],
  ["1.139.1\nabc\nx64", true],
  ["2.0.0\n", true],
  ["1.105.9\n", false],
  ["command not found", false],
  ["", false],
])("takes the version output %j as new enough: %s", (output, expected) => {
  expect(isNewEnough(output)).toBe(expected);
});
