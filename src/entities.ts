import { Customer } from './customers/customer.entity.js';
import { FeatureFlag } from './feature-flags/feature-flag.entity.js';
import { Instance } from './instances/instance.entity.js';
import { ServiceAccount } from './service-accounts/service-account.entity.js';
import { Session } from './sessions/session.entity.js';
import { SignInLink } from './sessions/sign-in-link.entity.js';
import { TokenPolicy } from './token-policy/token-policy.entity.js';
import { Token } from './tokens/token.entity.js';
import { User } from './users/user.entity.js';

/** Every entity: the data source is connected before the modules are there to say. */
export const ENTITIES = [
  User,
  ServiceAccount,
  Token,
  TokenPolicy,
  Customer,
  Instance,
  FeatureFlag,
  SignInLink,
  Session,
];
