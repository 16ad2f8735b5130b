/** Figures as every face shows them. No-break spaces stand between figure and unit. */
import { type ModelRef, splitRef } from "../model.ts";
import { type Cost, NANO_PER_USD, type NanoUsd } from "../money.ts";

/**
 * `$1.24` from a dollar on; below it two significant digits (`$0.017`, `$0.0021`); `$0.00` for nothing. Never shows
 * something as nothing: amounts are rounded to the digits shown, which below a dollar are always significant.
 */
export function moneyText(amount: NanoUsd): string {
  const usd = amount / NANO_PER_USD;
  if (amount === 0) return "$0.00";
  const size = Math.abs(usd);
  if (size >= 0.995) return `${usd < 0 ? "-" : ""}$${size.toFixed(2)}`;
  const exponent = Math.floor(Math.log10(Number(size.toPrecision(2))));
  return `${usd < 0 ? "-" : ""}$${size.toFixed(Math.max(2, 1 - exponent))}`;
}

/** As `moneyText`, but whole dollars without cents (`$5`): for a budget beside a sum. */
export function budgetText(amount: NanoUsd): string {
  return amount % NANO_PER_USD === 0 ? `$${amount / NANO_PER_USD}` : moneyText(amount);
}

/** The words that a cost is told in; `free` and `unknown` are given, since they are translated. */
export function costText(cost: Cost, words: { readonly free: string; readonly unknown: string }): string {
  switch (cost.kind) {
    case "unknown":
      return words.unknown;
    case "exact":
      return cost.nanoUsd === 0 ? words.free : moneyText(cost.nanoUsd);
    case "estimated":
      return cost.nanoUsd === 0 ? words.free : `≈ ${moneyText(cost.nanoUsd)}`;
  }
}

/** `0.4 s`, `13.1 s`, `2 min 5 s`. */
export function durationText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)}\u00a0s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}\u00a0min ${whole % 60}\u00a0s`;
}

/** `420`, `1.2k`, `1.4M`: for a chip, where there is little room. */
export function compactTokens(tokens: number): string {
  if (tokens < 1000) return String(tokens);
  if (tokens < 999_500)
    return `${tokens < 9_950 ? (tokens / 1000).toFixed(1).replace(/\.0$/, "") : Math.round(tokens / 1000)}k`;
  return `${(tokens / 1_000_000).toFixed(1).replace(/\.0$/, "")}M`;
}

/** A model's name without its provider's id. */
export function modelName(ref: ModelRef): string {
  return splitRef(ref).model;
}

/** The id of a model's provider. */
export function providerOf(ref: ModelRef): string {
  return splitRef(ref).provider;
}
