import type { StartTimer } from "../../../base/time/timer.ts";

/** By what the problems of documents count as complete. */
export type ProblemSource = {
  readonly startTimer: StartTimer;
  /** Calls back whenever problems are reported. Returns a function that ends this. */
  readonly onReport: (listener: () => void) => () => void;
  /** Asks for what a language server reads from the whole text. Resolves to whether one has answered; never rejects. */
  readonly ask: () => Promise<boolean>;
};

/** Milliseconds. */
export type SettleTimes = {
  /** Nothing is expected before: what reports problems waits until the user pauses. */
  readonly firstMs: number;
  /** Without a report and with an answer, twice this long is quiet. */
  readonly quietMs: number;
  /** A report is waited for so long at most; 0 if problems that do not change may not be reported. */
  readonly reportMs: number;
  /** The first answer is waited for so long at most: a server that loads a large project takes minutes. */
  readonly answerMs: number;
  /** It ends so long after the first answer, whatever is reported. */
  readonly totalMs: number;
};

/**
 * `settled`: no more problems are expected. `isReported`: problems were reported meanwhile. `isAnswered`: a language server has
 * answered. `timed-out`: problems were still being reported, or the language server did not answer.
 */
export type Settled =
  | { readonly kind: "settled"; readonly isReported: boolean; readonly isAnswered: boolean }
  | { readonly kind: "timed-out" | "cancelled" };

/**
 * Waits until the problems of a changed document are complete. VS Code has no event for that. Servers report one file after
 * another, TypeScript also first its syntax and then its types, and nothing where problems stay the same. A server that
 * is busy with that answers later, so the problems are complete once it has answered twice and reported nothing between.
 */
export async function settle(
  { startTimer, onReport, ask }: ProblemSource,
  { firstMs, quietMs, reportMs, answerMs, totalMs }: SettleTimes,
  signal: AbortSignal,
): Promise<Settled> {
  const ended = Promise.withResolvers<undefined>();
  let isEnded = false;
  const end = () => {
    isEnded = true;
    ended.resolve(undefined);
  };
  let reports = 0;
  let isReportLate = reportMs === 0;
  const stop = [
    onReport(() => {
      reports += 1;
    }),
    startTimer(end, answerMs),
    startTimer(() => {
      isReportLate = true;
    }, reportMs),
  ];
  signal.addEventListener("abort", end);
  const wait = async (ms: number) => {
    const waited = Promise.withResolvers<undefined>();
    const stopWaiting = startTimer(() => waited.resolve(undefined), ms);
    await Promise.race([waited.promise, ended.promise]);
    stopWaiting();
  };
  try {
    if (signal.aborted) end();
    await wait(firstMs);
    let isAnswered = false;
    let quietTimes = 0;
    for (let asked = 1; !isEnded; asked += 1) {
      const before = reports;
      const answer = await Promise.race([ask(), ended.promise]);
      if (asked === 1) stop.push(startTimer(end, totalMs));
      isAnswered ||= answer === true;
      await wait(quietMs);
      if (isEnded) break;
      quietTimes = reports === before ? quietTimes + 1 : 0;
      const isReported = reports > 0;
      if (quietTimes >= 2 && (isReported || isReportLate)) return { kind: "settled", isReported, isAnswered };
    }
    return { kind: signal.aborted ? "cancelled" : "timed-out" };
  } finally {
    signal.removeEventListener("abort", end);
    for (const each of stop) each();
  }
}
