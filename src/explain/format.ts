/** Figures as every surface shows them. A no-break space separates a figure from its unit. */
import { NANO_PER_USD, type NanoUsd } from "../contract/money.ts";

/**
 * `$1.24` from a dollar up, two significant digits below it (`$0.017`, `$0.0021`), `$0.00` for zero. Only zero is
 * shown as zero: below a dollar every amount keeps two significant digits.
 */
export function formatMoney(amount: NanoUsd): string {
  if (amount === 0) return "$0.00";
  const usd = amount / NANO_PER_USD;
  const sign = usd < 0 ? "-" : "";
  const size = Math.abs(usd);
  if (size >= 0.995) return `${sign}$${size.toFixed(2)}`;
  const exponent = Math.floor(Math.log10(Number(size.toPrecision(2))));
  return `${sign}$${size.toFixed(Math.max(2, 1 - exponent))}`;
}

/** A range of amounts, each rounded outwards to its first digit, or to whole dollars: `$0.004–0.01`. */
export function formatMoneyRange(low: NanoUsd, high: NanoUsd): string {
  const rounded = (amount: NanoUsd, round: (value: number) => number) => {
    if (amount <= 0) return "0";
    const usd = amount / NANO_PER_USD;
    const digits = Math.max(0, -Math.floor(Math.log10(usd)));
    // The tolerance keeps an amount such as 0.003, which has no exact binary form, at its digit.
    const scaled = usd * 10 ** digits;
    const nearest = Math.round(scaled);
    const whole = Math.abs(scaled - nearest) < 1e-9 ? nearest : round(scaled);
    return String(Number((whole / 10 ** digits).toFixed(digits)));
  };
  return `$${rounded(low, Math.floor)}–${rounded(high, Math.ceil)}`;
}

/** Two amounts, with enough digits that different ones look different. */
export function formatMoneyApart(one: NanoUsd, other: NanoUsd): readonly [string, string] {
  const short = [formatMoney(one), formatMoney(other)] as const;
  if (one === other || short[0] !== short[1]) return short;
  const exact = (amount: NanoUsd) => `$${(amount / NANO_PER_USD).toFixed(9).replace(/0{1,7}$/, "")}`;
  return [exact(one), exact(other)];
}

/** Like `formatMoney`, but whole dollars have no cents (`$5`). For a budget next to an amount. */
export function formatBudget(amount: NanoUsd): string {
  return amount % NANO_PER_USD === 0 ? `$${amount / NANO_PER_USD}` : formatMoney(amount);
}

/** How long something took: `0.4 s`, `13.1 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)}\u00a0s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}\u00a0min ${whole % 60}\u00a0s`;
}

/** The time since something started, in whole seconds: `0 s`, `59 s`, `2 min 5 s`. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 60 ? `${seconds}\u00a0s` : formatDuration(seconds * 1000);
}

/** How long to wait, rounded up: `8 s`, `3 min`, `5 h`. At least one second. */
export function formatWait(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 100) return `${seconds}\u00a0s`;
  const minutes = Math.ceil(seconds / 60);
  const hours = Math.ceil(minutes / 60);
  if (minutes < 100) return `${minutes}\u00a0min`;
  return hours < 100 ? `${hours}\u00a0h` : `${Math.ceil(hours / 24)}\u00a0d`;
}

/** A price per million tokens, with at most three significant digits: `$4`, `$1.25`, `$0.075`. */
export function formatUnitPrice(usd: number): string {
  return `$${Number(usd.toPrecision(3))}`;
}

/** A token count where space is short: `420`, `1.2k`, `1.4M`. */
export function formatTokens(tokens: number): string {
  if (tokens < 1000) return String(tokens);
  if (tokens < 9_950) return `${oneDecimal(tokens / 1000)}k`;
  return tokens < 999_500 ? `${Math.round(tokens / 1000)}k` : `${oneDecimal(tokens / 1_000_000)}M`;
}

function oneDecimal(value: number): string {
  return value.toFixed(1).replace(/\.0$/, "");
}

/** A score and its threshold, with enough digits that a score below the threshold does not look equal to it. */
export function formatAgainstThreshold(
  has: number,
  needs: number,
): { readonly has: string; readonly needs: string } {
  for (let digits = 2; ; digits++) {
    const texts = { has: has.toFixed(digits), needs: needs.toFixed(digits) };
    if (has >= needs || texts.has !== texts.needs || digits === 4) return texts;
  }
}

/** Items as a list in the reader's language: `a, b, c`. */
export function formatList(items: readonly string[]): string {
  return new Intl.ListFormat(undefined, { style: "short", type: "unit" }).format(items);
}

/** A text for the middle of a sentence: its first letter in lower case. */
export function lowerFirst(text: string): string {
  return text.charAt(0).toLocaleLowerCase() + text.slice(1);
}

/** A text for the start of a sentence: its first letter in upper case. */
export function upperFirst(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
