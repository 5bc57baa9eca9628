/** Limits in units of `Meter`, of which each takes some 20 ns at most. A rule beyond its limit is broken: skipped and named. */
export const RULE_BUDGET = 100_000;
/** All rules of one flag: at most some 5 ms. */
export const FLAG_BUDGET = 200_000;
/** All flags of one request: at most some 50 ms. Those for which nothing is left answer `GENERAL`. */
export const REQUEST_BUDGET = 2_000_000;
