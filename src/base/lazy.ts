/**
 * Returns a function that makes a value at its first call and returns the same one afterwards. A failure is not kept:
 * the next call tries again.
 * @param onMade receives the value once, when it is first made
 */
export function lazy<T>(make: () => Promise<T>, onMade?: (value: T) => void): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().then(
      (value) => {
        onMade?.(value);
        return value;
      },
      (error: unknown) => {
        made = undefined;
        throw error;
      },
    );
    return made;
  };
}
