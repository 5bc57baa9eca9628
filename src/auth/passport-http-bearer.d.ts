/** The package ships no types, and those of DefinitelyTyped are for Express 4. */
declare module 'passport-http-bearer' {
  type Done = (error: unknown, user?: any) => void;

  export class Strategy {
    constructor(options: { passReqToCallback: true }, verify: (request: any, token: string, done: Done) => void);
    name: string;
  }
}
