/**
 * Waits for a signal, then for `stop`; a second signal meanwhile calls `cut`, which makes an end of what `stop` waits for.
 */
export async function whenTold(
  signals: readonly NodeJS.Signals[],
  stop: () => Promise<void>,
  cut: () => void,
): Promise<void> {
  let onSignal: () => void = () => undefined;
  const hear = (): void => onSignal();
  for (const signal of signals) process.on(signal, hear);
  try {
    await new Promise<void>((resolve) => {
      onSignal = resolve;
    });
    onSignal = cut;
    await stop();
  } finally {
    for (const signal of signals) process.off(signal, hear);
  }
}
