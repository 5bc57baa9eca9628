const SCHEME = 'bearer ';

/** The credential of an Authorization header, or undefined when it is of another scheme. */
export function bearerOf(authorization: string): string | undefined {
  const isBearer = authorization.slice(0, SCHEME.length).toLowerCase() === SCHEME;
  return isBearer ? authorization.slice(SCHEME.length) : undefined;
}
