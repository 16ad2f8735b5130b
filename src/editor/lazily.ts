/**
 * A function that makes its value at the first call and gives the same one from then on; a failure is not kept, so that
 * the next call tries again.
 * @param onMade is told of the value, once: when the first attempt to make it succeeds
 */
export function lazily<T>(make: () => Promise<T>, onMade?: (value: T) => void): () => Promise<T> {
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
