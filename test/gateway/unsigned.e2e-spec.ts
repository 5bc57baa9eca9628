import { jest } from '@jest/globals';
import { useApp } from '../support/app.js';
import { describeGateways } from './principals-suite.js';

jest.setTimeout(60_000);
useApp({ env: { GATEWAY_TRUSTED_CIDRS: '127.0.0.1/32' } });

describeGateways(false);
