import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SessionAuthenticator } from '../auth/session-authenticator.js';
import { CookieAuthenticator } from './cookie-authenticator.js';
import { SessionLookUp } from './session-look-up.js';
import { SessionUses } from './session-uses.js';
import { Session } from './session.entity.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsPurge } from './sessions.purge.js';
import { SessionsService } from './sessions.service.js';
import { SignIn } from './sign-in.js';
import { SignInLinks } from './sign-in-links.js';

/** How people get in, and stay. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([Session])],
  controllers: [SessionsController],
  providers: [
    SessionsService,
    SignIn,
    SignInLinks,
    SessionLookUp,
    SessionUses,
    SessionsPurge,
    { provide: SessionAuthenticator, useClass: CookieAuthenticator },
  ],
  exports: [SessionAuthenticator, SignInLinks],
})
export class SessionsModule {}
