/** An `onError` that throws, so that an error of the ledger fails the test. */
export function throwError(error: unknown): never {
  throw error;
}
