import { describe, expect, it } from '@jest/globals';
import { PreparedClient } from './prepared-client.js';

describe('PreparedClient', () => {
  it('does not end the process when the server ends its connection while nobody else listens', () => {
    const client = new PreparedClient({ host: '127.0.0.1' });
    expect(() => client.emit('error', new Error('terminating connection due to administrator command'))).not.toThrow();
  });
});
