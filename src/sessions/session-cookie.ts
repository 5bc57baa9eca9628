import type { IncomingMessage } from 'node:http';
import type { Env } from '../config/env.js';
import { LONGEST_SESSION } from './session-lifetime.js';

/**
 * The cookie that a session's secret is in. Where people come by HTTPS, its name begins with `__Host-`: browsers then take it from this very host
 * only, by HTTPS, and no neighbouring domain or port can put another in its place.
 */
export class SessionCookie {
  readonly name: string;
  private readonly attributes: string;

  constructor({ publicUrl }: Pick<Env, 'publicUrl'>) {
    const isSecure = publicUrl.startsWith('https:');
    this.name = isSecure ? '__Host-kaiten' : 'kaiten_session';
    this.attributes = `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  }

  /** @returns the secrets of all cookies of the name: a browser may have several, and which of them is ours it does not say. */
  read({ headers }: IncomingMessage): string[] {
    const prefix = `${this.name}=`;
    const pairs = headers.cookie?.split(';').map((pair) => pair.trim()) ?? [];
    return pairs.filter((pair) => pair.startsWith(prefix)).map((pair) => pair.slice(prefix.length));
  }

  /** Value of a Set-Cookie header. */
  set(secret: string): string {
    return `${this.name}=${secret}; ${this.attributes}; Max-Age=${LONGEST_SESSION}`;
  }

  /** Value of a Set-Cookie header that has the browser forget it. */
  clear(): string {
    return `${this.name}=; ${this.attributes}; Max-Age=0`;
  }
}
