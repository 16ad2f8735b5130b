import { describe, expect, it } from "vitest";
import { blankOut, findSecrets } from "./findSecrets.ts";

/** Letters and digits, built here so that no file contains anything like a key. */
const random = (length: number, alphabet = "a1B2c3D4e5F6g7H8i9J0kLmNoPqRsTuVwXyZ") =>
  Array.from({ length }, (_, index) => alphabet[(index * 7 + 3) % alphabet.length]).join("");
const hex = (length: number) => random(length, "0123456789abcdef");

const SECRETS: readonly (readonly [kind: string, secret: string])[] = [
  ["GitHub Token", `ghp_${random(36)}`],
  ["Google API key", `AIza${random(35)}`],
  ["JSON Web Token", `eyJ${random(20)}.eyJ${random(40)}.${random(43)}`],
  ["Azure account key", `${random(86)}==`],
  ["Hugging Face token", `hf_${random(34)}`],
  ["Telegram bot token", `123456789:AA${random(33)}`],
  ["OpenAI API key", `sk-proj-${random(60)}`],
  ["OpenRouter API key", `sk-or-v1-${hex(64)}`],
  ["private key", `MC4CAQAwBQYDK2V${random(48)}`],
];

describe("secrets in a text", () => {
  it.each(SECRETS)("are found with their places: %s", async (kind, secret) => {
    const before = kind === "Azure account key" ? "AccountName=x;AccountKey=" : "const key = ";
    const text = `${before}${secret}\nnext line`;
    const found = await findSecrets(text);
    expect(found).toEqual([{ start: before.length, end: before.length + secret.length, kind }]);
  });

  it.each(["password = ", 'DB_PASSWORD="', "clientSecret: ", "'api-key' => ", "auth_token := "])(
    "are found by the name of their field: %s",
    async (name) => {
      const value = "hunter2-hunter2";
      const quote = name.endsWith('"') ? "" : "'";
      const text = `${name}${quote}${value}${name.endsWith('"') ? '"' : quote}`;
      expect((await findSecrets(text)).map(({ start, end }) => text.slice(start, end))).toEqual([value]);
    },
  );

  it("are not values that stand for one, nor code that reads one", async () => {
    const text = [
      'password = "your-password"',
      `password: "${"$"}{DB_PASSWORD}"`,
      'apiKey = process.env["OPENAI_API_KEY"]',
      "password = os.environ['PASSWORD']",
      'secretKey = "<secret-key>"',
      'passwordLabel = "Enter your password"',
      'password = "********"',
      "sk-…",
      "https://user@example.com/path",
    ].join("\n");
    expect(await findSecrets(text)).toEqual([]);
  });

  it("are found although a comment forbids to look for them", async () => {
    const text = `// secretlint-disable\nAIza${random(35)}\n/* secretlint-disable */ ghp_${random(36)}`;
    expect(await findSecrets(text)).toHaveLength(2);
  });

  it("are replaced by what they were", async () => {
    const text = `a AIza${random(35)} b ghp_${random(36)} c`;
    expect(blankOut(text, await findSecrets(text))).toBe(
      "a [removed: Google API key] b [removed: GitHub Token] c",
    );
  });

  it("are replaced as one where they overlap, with all of their characters", async () => {
    const token = `ghp_${random(36)}`;
    const text = `git clone https://me:${token}@example.com/a.git and go on`;
    const secrets = await findSecrets(text);
    expect(secrets).toHaveLength(1);
    const blank = blankOut(text, secrets);
    expect(blank).toMatch(/^git clone .*\[removed: [^\]]+\].* and go on$/);
    expect(blank).not.toContain(token.slice(-6));
  });

  it("are looked for in time that grows with the length of the text", async () => {
    const token = `eyJ${random(20)}.eyJ${random(40)}.${random(43)}`;
    for (const hostile of ["a-", "eyJabcdefgh-", "AccountKey-", "sk-proj-"]) {
      const text = `${hostile.repeat(20_000)} ${token}`;
      expect((await findSecrets(text)).map(({ start, end }) => text.slice(start, end))).toContain(token);
    }
  });
});
