import type { History } from "../../../src/contract/history.ts";

/** For tests: the history of a window that shares nothing with others. Methods that such a window does not need are missing. */
export function loneWindow(): History {
  const alone: Partial<History> = {
    changeOf: async () => undefined,
    runningTurn: async () => undefined,
    onConversationsChange: () => () => {},
    stopRequests: async () => [],
    setUnread: async () => {},
    isUnread: async () => false,
    requestStop: async () => {},
  };
  return alone as History;
}
