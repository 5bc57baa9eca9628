import { Controller, Delete, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public, SignedIn } from '../auth/access.js';
import { crossSite, sessionEnded } from '../auth/auth.errors.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { KaitenRequest, PersonPrincipal } from '../auth/principal.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { ApiProblems } from '../http/api-problem.js';
import { JsonBody } from '../http/json-body.js';
import { Operation } from '../http/operations.js';
import { clientAddress } from '../network/client-address.js';
import { SessionDto, SessionItemDto, SessionListDto, SignInDto } from './dto/session.dto.js';
import { consoleOrigins, originOf } from './request-origin.js';
import { SessionCookie } from './session-cookie.js';
import { invalidLink, sessionNotFound, tooManyAttempts } from './sessions.errors.js';
import { SessionsService } from './sessions.service.js';
import { SignIn } from './sign-in.js';
import { SignInLinks } from './sign-in-links.js';
import { describeUserAgent } from './user-agent.js';

@ApiTags('session')
@Controller('session')
export class SessionsController {
  private readonly cookie: SessionCookie;
  private readonly origins: ReadonlySet<string>;

  constructor(
    private readonly sessions: SessionsService,
    private readonly signIn: SignIn,
    private readonly links: SignInLinks,
    @Inject(ENV) private readonly env: Env,
  ) {
    this.cookie = new SessionCookie(env);
    this.origins = consoleOrigins(env);
  }

  @Post()
  @Public()
  @Operation({
    id: 'create-session',
    summary: 'Sign in with a link',
    description:
      'Exchanges the secret of a sign-in link for a session, whose secret comes in a cookie. A link works once, and for 15 minutes. ' +
      'A session ends when nobody has used it for 12 hours, and 7 days after the sign-in at the latest. It counts at CONSOLE_PORT only.',
    status: 201,
    input: 'body',
    answer: SessionDto,
  })
  @ApiProblems(invalidLink(), crossSite(), tooManyAttempts(6))
  async create(
    @JsonBody() { secret }: SignInDto,
    @Req() request: KaitenRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionDto> {
    // Another site could otherwise sign people in as somebody else. What is no browser has no session to lose.
    if (originOf(request, this.origins) === 'elsewhere') throw crossSite();
    const address = clientAddress(request, this.env.gatewayNetworks);
    const device = { address, userAgent: describeUserAgent(request.headers['user-agent']) };
    const begun = await this.signIn.with(this.links, secret, device);
    if (!begun) throw invalidLink();
    response.setHeader('Set-Cookie', this.cookie.set(begun.secret));
    return SessionDto.from(begun.principal, begun.session, this.env);
  }

  @Get()
  @SignedIn()
  @Operation({
    id: 'get-session',
    summary: 'Who has signed in, and what may they do?',
    status: 200,
    answer: SessionDto,
  })
  async get(@CurrentPrincipal() principal: PersonPrincipal): Promise<SessionDto> {
    const session = await this.sessions.find(principal);
    if (!session) throw sessionEnded();
    return SessionDto.from(principal, session, this.env);
  }

  @Delete()
  @SignedIn()
  @Operation({
    id: 'delete-session',
    summary: 'Sign out',
    description: 'The session is refused from the answer on, by every process.',
    status: 204,
  })
  async end(
    @CurrentPrincipal() principal: PersonPrincipal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.sessions.end(principal);
    response.setHeader('Set-Cookie', this.cookie.clear());
  }

  @Get('all')
  @SignedIn()
  @Operation({
    id: 'get-sessions',
    summary: "One's own sessions",
    description: 'In whichever browsers one has signed in, those that have not ended.',
    status: 200,
    answer: SessionListDto,
  })
  async all(@CurrentPrincipal() principal: PersonPrincipal): Promise<SessionListDto> {
    const sessions = await this.sessions.listOf(principal);
    return { items: sessions.map((session) => SessionItemDto.from(session, principal)) };
  }

  @Delete('others')
  @SignedIn()
  @Operation({
    id: 'delete-other-sessions',
    summary: "Sign out one's other sessions",
    description: 'All but the one that asks. They are refused from the answer on, by every process.',
    status: 204,
  })
  endOthers(@CurrentPrincipal() principal: PersonPrincipal): Promise<void> {
    return this.sessions.endOthers(principal);
  }

  @Delete(':sessionId')
  @SignedIn()
  @Operation({
    id: 'delete-session-by-id',
    summary: "Sign out one of one's sessions",
    description:
      'It is refused from the answer on, by every process. With the id of the one that asks, this is `DELETE /session`.',
    status: 204,
    problems: [sessionNotFound('5b0de6a8-0a3c-4a3a-8d7d-3c1c5b7e2f11')],
  })
  @ApiParam({
    name: 'sessionId',
    description: 'Id of the session, as `GET /session/all` has it.',
    example: '5b0de6a8-0a3c-4a3a-8d7d-3c1c5b7e2f11',
  })
  async endOne(
    @Param('sessionId') id: string,
    @CurrentPrincipal() principal: PersonPrincipal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.sessions.endOne(principal, id);
    if (id === principal.session.id) response.setHeader('Set-Cookie', this.cookie.clear());
  }
}
