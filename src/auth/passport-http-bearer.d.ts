/** The package ships no types, and those of DefinitelyTyped are for Express 4. */
declare module 'passport-http-bearer' {
  type Verify = (token: string, done: (error: unknown, user?: never) => void) => void;

  export class Strategy {
    constructor(verify: (token: string, done: (error: unknown, user?: any) => void) => void);
    name: string;
    authenticate(request: { headers: { authorization?: string } }): void;
  }
}
