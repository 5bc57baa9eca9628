import { Global, Module } from '@nestjs/common';
import { TokenAuthenticator } from '../auth/token-authenticator.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { BearerAuthenticator } from './bearer-authenticator.js';
import { Jwks } from './jwks.js';
import { PrincipalJwts } from './principal-jwt.js';
import { SignedPrincipalJwts } from './signed-principal-jwts.js';
import { SigningKeys } from './signing-keys.js';
import { UnsignedPrincipalJwts } from './unsigned-principal-jwts.js';
import { Validate } from './validate.js';

const choosePrincipalJwts = (env: Env, keys: SigningKeys): PrincipalJwts =>
  env.principalJwt === 'signed' ? new SignedPrincipalJwts(keys) : new UnsignedPrincipalJwts();

/** What gateways ask for, and what they pass on: principals of tokens. */
@Global()
@Module({
  providers: [
    Validate,
    Jwks,
    SigningKeys,
    { provide: PrincipalJwts, useFactory: choosePrincipalJwts, inject: [ENV, SigningKeys] },
    { provide: TokenAuthenticator, useClass: BearerAuthenticator },
  ],
  exports: [TokenAuthenticator],
})
export class GatewayModule {}
