/** The schemas of problems, which no controller returns and the generator therefore does not find. */
export function problemSchemas(): Record<string, Record<string, unknown>> {
  return {
    Problem: {
      type: 'object',
      description: 'RFC 9457 problem details.',
      properties: {
        type: {
          type: 'string',
          format: 'uri',
          default: 'about:blank',
          description: 'Section of RFC 9110 that defines the status.',
        },
        title: { type: 'string', description: "The status's name.", example: 'Not Found' },
        status: { type: 'integer', format: 'int64', description: "The answer's status.", example: 404 },
        detail: { type: 'string', description: 'For people.', example: 'there is no customer sakura-tokyo' },
        instance: { type: 'string', description: 'Path of the request.', example: '/api/customers/sakura-tokyo' },
        code: { type: 'string', description: 'For programs; it does not change.', example: 'Customer.NotFound' },
        errorId: { type: 'string', description: 'Finds the cause in the log, where the answer withholds it.' },
        errors: {
          type: 'array',
          items: { $ref: '#/components/schemas/ErrorDetail' },
          description: 'What is wrong with the input, thing by thing; 100 of them at the most.',
        },
        key: { type: 'string', description: "Of OFREP's operations alone, as all that follows: the flag's slug." },
        errorCode: { type: 'string', description: "OpenFeature's error code." },
        errorDetails: { type: 'string', description: 'The detail, under the name that OFREP has for it.' },
      },
    },
    ErrorDetail: {
      type: 'object',
      description: 'One thing that is wrong with the input.',
      properties: {
        location: { type: 'string', description: 'Dotted path with its part in front.', example: 'body.name' },
        message: { type: 'string', description: 'What is wrong with it.', example: 'must not be blank' },
        value: { description: 'What was sent, as far as it is short.' },
      },
    },
  };
}
