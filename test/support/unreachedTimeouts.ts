/** For `switchyard.timeouts`: no call on a busy machine takes so long. */
export const UNREACHED_TIMEOUTS = { connectMs: 60_000, firstTokenMs: 60_000, idleMs: 60_000 } as const;
