/** What is there at once where it is in memory, and later where it is not. On the paths of every request a promise costs as much as the work. */
export type Soon<T> = T | Promise<T>;

/** What `next` makes of the value, as soon as there is one. @throws what `next` throws, where it is there at once; else the promise rejects. */
export function then<T, R>(value: Soon<T>, next: (value: T) => Soon<R>): Soon<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
