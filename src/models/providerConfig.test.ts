import { describe, expect, it } from "vitest";
import { isNearby } from "./providerConfig.ts";

describe("isNearby", () => {
  it.each([
    "http://127.0.0.1:11434/v1",
    "http://localhost:1",
    "http://10.0.0.7/v1",
    "http://192.168.1.2",
    "http://172.31.0.1",
    "http://[::1]:1",
    "http://[fd00::1]",
    "http://gpu.local",
  ])("accepts %s, an address of the machine or its network", (url) => {
    expect(isNearby(url)).toBe(true);
  });

  it.each([
    "https://ollama.com/v1",
    "http://172.32.0.1",
    "http://11.0.0.1",
    "https://10.example.com",
    "https://127.0.0.1.example.com",
    "http://[2001:db8::1]",
    "no url",
  ])("rejects %s", (url) => {
    expect(isNearby(url)).toBe(false);
  });
});
