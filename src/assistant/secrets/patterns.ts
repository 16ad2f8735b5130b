/**
 * A kind of secret that the rules of secretlint do not have. The group `secret`, if there is one, is the secret itself; a
 * match without it is none.
 */
export type SecretPattern = { readonly kind: string; readonly pattern: RegExp };

/**
 * A value that stands for a secret: `password = "your-password"`, `${PASSWORD}`, `<token>`, `********`.
 */
const STAND_IN = String.raw`(?!["']?(?:\$|<|\{|%|\*|x{3}|\.{3}|your|my[-_]|change|example|placeholder|dummy|test|secret\b|password\b|null\b|none\b|undefined\b|true\b|false\b|process\.|os\.|env\b|getenv))`;

/** A name is tried from its first character only: from each of its words, a long one would take hours. */
const NAME = String.raw`(?:(?<![\w-])[\w-]*(?:password|passwd|passphrase|api[-_]?key|secret[-_]?key|client[-_]?secret|access[-_]?token|auth[-_]?token)|\bpwd)`;

export const PATTERNS: readonly SecretPattern[] = [
  { kind: "Google API key", pattern: /\bAIza[\w-]{35}(?![\w-])/g },
  {
    kind: "JSON Web Token",
    // The second alternative skips what is none as a whole: from each of its places, a long text would take hours.
    pattern: /\b(?:(?<secret>eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,})|eyJ[\w-]*)/g,
  },
  { kind: "Azure account key", pattern: /\bAccountKey=(?<secret>[A-Za-z\d+/]{40,}={0,2})/g },
  { kind: "Hugging Face token", pattern: /\bhf_[A-Za-z\d]{30,}/g },
  { kind: "Telegram bot token", pattern: /\b\d{8,10}:AA[\w-]{33}(?![\w-])/g },
  { kind: "OpenAI API key", pattern: /\bsk-(?:proj|svcacct|admin)-[\w-]{20,}/g },
  { kind: "OpenRouter API key", pattern: /\bsk-or-v1-[a-f\d]{32,}/g },
  { kind: "xAI API key", pattern: /\bxai-[A-Za-z\d]{40,}/g },
  // PKCS#8 of Ed25519 begins with these bytes, and is as long (RFC 8410).
  { kind: "private key", pattern: /\bMC4CAQAwBQYDK2V[A-Za-z\d+/]{48}/g },
  {
    kind: "password",
    pattern: new RegExp(
      String.raw`${NAME}["']?\s*(?:=>|:?=|:)\s*${STAND_IN}(["'])(?<secret>[^"'\s]{8,200})\1`,
      "gi",
    ),
  },
];
