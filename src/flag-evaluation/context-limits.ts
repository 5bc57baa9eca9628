/** The largest context, in bytes of JSON. */
export const LARGEST_CONTEXT = 64 * 1024;

/** Objects and lists within each other, the context included: rules compare and walk them, and recursion has an end. */
export const DEEPEST_CONTEXT = 32;

/** Whether there are objects and lists more than `levels` deep within each other, `value` included. */
export function isDeeper(value: object, levels: number): boolean {
  if (levels === 0) return true;
  for (const member of Array.isArray(value) ? (value as unknown[]) : Object.values(value)) {
    if (typeof member === 'object' && member !== null && isDeeper(member, levels - 1)) return true;
  }
  return false;
}
