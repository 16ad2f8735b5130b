import { expect, test } from "vitest";
import { isNearby } from "./nearby.ts";

test.each([
  "http://127.0.0.1:11434/v1",
  "http://localhost:1",
  "http://10.0.0.7/v1",
  "http://192.168.1.2",
  "http://172.31.0.1",
  "http://[::1]:1",
  "http://[fd00::1]",
  "http://gpu.local",
])("%s is nearby", (url) => {
  expect(isNearby(url)).toBe(true);
});

test.each([
  "https://ollama.com/v1",
  "http://172.32.0.1",
  "http://11.0.0.1",
  "https://10.example.com",
  "https://127.0.0.1.example.com",
  "http://[2001:db8::1]",
  "no url",
])("%s is not", (url) => {
  expect(isNearby(url)).toBe(false);
});
