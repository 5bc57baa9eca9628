const reference = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });

const KEY = { type: 'string', description: "The flag's slug.", example: 'new-checkout' };
const ERROR_DETAILS = { type: 'string', description: 'For people.', example: 'the context must be a JSON object' };
const ERROR_CODE = {
  type: 'string',
  description: "One of OpenFeature's error codes.",
  enum: ['INVALID_CONTEXT', 'PARSE_ERROR', 'TARGETING_KEY_MISSING', 'FLAG_NOT_FOUND', 'GENERAL'],
};
const METADATA = {
  type: 'object',
  description:
    "The flag's metadata as far as they are texts, numbers and booleans, and `kaiten.brokenTargetingRules`: a JSON list of the names of " +
    'targetings that were skipped because their rules failed.',
  additionalProperties: { type: ['string', 'number', 'boolean'] },
  example: { owner: 'checkout-team' },
};

const REQUEST = {
  type: 'object',
  description: 'Whom flags are evaluated for. Members that the protocol does not have are ignored.',
  properties: {
    context: {
      type: 'object',
      description: 'What rules read, up to 64 KiB. `targetingKey` in it, a text, says who it is.',
      additionalProperties: true,
      example: { targetingKey: 'user-4711', plan: 'enterprise' },
    },
  },
  additionalProperties: true,
};

const EVENT_STREAMS = {
  type: 'array',
  description:
    'Where to hear of it when the flags are to be evaluated again. Absent while the organization has as many streams as it may have.',
  items: {
    type: 'object',
    required: ['type', 'endpoint'],
    properties: {
      type: { type: 'string', enum: ['sse'], example: 'sse' },
      endpoint: {
        type: 'object',
        required: ['requestUri'],
        properties: {
          requestUri: {
            type: 'string',
            description: 'Below the origin of this request. It holds a ticket, and is good for 60 s.',
            example: '/api/ofrep/v1/events?ticket=hd7qK2...',
          },
        },
      },
      inactivityDelaySec: {
        type: 'integer',
        description: 'After how many seconds out of sight a page should close the stream.',
        minimum: 1,
        example: 120,
      },
    },
  },
};

const SUCCESS = {
  key: 'new-checkout',
  value: true,
  variant: 'on',
  reason: 'TARGETING_MATCH',
  metadata: { owner: 'checkout-team' },
};

/** The protocol's schemas (OFREP 0.3.0), under the names that the contract has for them. No class has their shapes: they are written by hand. */
export function ofrepSchemas(): Record<string, Record<string, unknown>> {
  return {
    EvaluationRequest: REQUEST,
    BulkEvaluationRequest: REQUEST,
    EvaluationSuccess: {
      type: 'object',
      description: 'What the flag is.',
      required: ['key', 'value', 'reason', 'variant'],
      properties: {
        key: KEY,
        value: { description: "The variant's value, of the flag's type.", example: true },
        reason: {
          type: 'string',
          description: 'Why it is this variant.',
          enum: ['TARGETING_MATCH', 'SPLIT', 'DEFAULT', 'STATIC', 'DISABLED'],
        },
        variant: { type: 'string', description: "The variant's name.", example: 'on' },
        metadata: METADATA,
      },
      example: SUCCESS,
    },
    EvaluationFailure: {
      type: 'object',
      description: 'Why there is no value; applications fall back to their own.',
      required: ['key', 'errorCode'],
      properties: { key: KEY, errorCode: ERROR_CODE, errorDetails: ERROR_DETAILS, metadata: METADATA },
      example: { key: 'new-checkout', errorCode: 'INVALID_CONTEXT', errorDetails: ERROR_DETAILS.example },
    },
    BulkEvaluationSuccess: {
      type: 'object',
      description: 'All flags of the organization, by slug.',
      required: ['flags'],
      properties: {
        flags: {
          type: 'array',
          description: 'A success or a failure for each.',
          items: { oneOf: [reference('EvaluationSuccess'), reference('EvaluationFailure')], example: SUCCESS },
        },
        eventStreams: EVENT_STREAMS,
      },
    },
    BulkEvaluationFailure: {
      type: 'object',
      description: 'Why no flag could be evaluated.',
      required: ['errorCode'],
      properties: { errorCode: ERROR_CODE, errorDetails: ERROR_DETAILS },
    },
  };
}
