/** The protocol's error codes, as far as requests are refused with them. */
export type OfrepErrorCode = 'FLAG_NOT_FOUND' | 'PARSE_ERROR' | 'INVALID_CONTEXT' | 'GENERAL';

/** A refusal in the protocol's own form; what it has no form for is a `Problem`. */
export class OfrepRefusal extends Error {
  constructor(
    readonly status: 400 | 404,
    readonly errorCode: OfrepErrorCode,
    readonly errorDetails: string,
  ) {
    super(errorDetails);
  }
}

export const parseError = (details: string): OfrepRefusal => new OfrepRefusal(400, 'PARSE_ERROR', details);

export const invalidContext = (details: string): OfrepRefusal => new OfrepRefusal(400, 'INVALID_CONTEXT', details);

export const flagNotFound = (): OfrepRefusal => new OfrepRefusal(404, 'FLAG_NOT_FOUND', 'there is no such flag');
