import { useEffect, useState } from 'react';

/** The value once it has been the same for a while: what is typed is searched when the typing pauses. */
export function useSettled<T>(value: T, pauseMs = 200): T {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value, pauseMs]);
  return settled;
}
