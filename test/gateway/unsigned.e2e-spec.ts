import { expect, it, jest } from '@jest/globals';
import { useApp } from '../support/app.js';
import { KINDS } from '../support/gateways.js';
import { describeGateways } from './principals-suite.js';

jest.setTimeout(60_000);
useApp({ env: { GATEWAY_TRUSTED_CIDRS: '127.0.0.1/32' } });

it('has every gateway that KAITEN_TEST_REQUIRE asks for', () => {
  const required = process.env.KAITEN_TEST_REQUIRE?.split(',') ?? [];
  expect(KINDS).toEqual(expect.arrayContaining(required));
});

describeGateways(false);
