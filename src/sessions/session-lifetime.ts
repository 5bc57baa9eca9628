/** A session ends when nobody has used it for so long, in seconds. */
export const LONGEST_IDLE = 12 * 3600;

/** And at the latest so long after the sign-in, in seconds. */
export const LONGEST_SESSION = 7 * 24 * 3600;

/** Seconds for which a sign-in link may be used. */
export const LINK_LIFETIME = 15 * 60;

/** A session's idle time as PostgreSQL has it. */
export const LONGEST_IDLE_INTERVAL = `interval '${LONGEST_IDLE} seconds'`;
