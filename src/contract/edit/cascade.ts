/**
 * The edits of a route and a language that were discarded or undone, and how many of them the check had rejected. `needed`:
 * the share that it has to reject, by the prices and the qualities of the models; undefined if beginning with a cheap one
 * never pays.
 */
type CheckedEdits = { readonly wrong: number; readonly rejectedWrong: number };

/** Whether a route with `"pick": "cascade"` begins with a cheap model, and why. */
export type Cascade = {
  readonly first: "cheapest" | "strongest";
  readonly because: /** The answer is no edit. */
    | { readonly kind: "no-check" }
    /** No other model would try after a failed check: `switchyard.escalate` is off. */
    | { readonly kind: "no-escalation" }
    /** Fewer than `least` edits were discarded or undone. */
    | (CheckedEdits & { readonly kind: "unknown"; readonly least: number })
    /** The same, but `switchyard.verify.command` is set. */
    | (CheckedEdits & {
        readonly kind: "command";
        readonly least: number;
        readonly needed?: number | undefined;
      })
    /** `low`, `high`: the 95 % interval of the share that was rejected. */
    | (CheckedEdits & {
        readonly kind: "measured";
        readonly low: number;
        readonly high: number;
        readonly needed?: number | undefined;
      });
};
