/** Cases that the program does not pass yet, and why. A case that passes must be removed here. */
export const NOT_YET: Readonly<Record<string, string>> = {};
