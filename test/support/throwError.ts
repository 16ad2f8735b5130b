/** An `onError` for engines whose ledger must not fail in this test: the answer fails instead. */
export function throwError(error: unknown): never {
  throw error;
}
