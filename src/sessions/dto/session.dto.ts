import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { PersonPrincipal } from '../../auth/principal.js';
import type { Role } from '../../auth/roles.js';
import { ROLES } from '../../auth/roles.js';
import type { Env } from '../../config/env.js';
import { expandScopes, GRANTED_SCOPES, SCOPES } from '../../auth/scopes.js';
import { Text } from '../../http/fields.js';
import { MeOrganizationDto } from '../../me/me.dto.js';
import { UserDto } from '../../users/user.dto.js';
import { LONGEST_IDLE } from '../session-lifetime.js';
import type { Session } from '../session.entity.js';

@ApiSchema({ name: 'SignIn' })
export class SignInDto {
  @Text(1, 200, {
    description: 'What stands behind the # of a sign-in link.',
    example: 'dGhpcy1pcy1hbi1leGFtcGxlLWFuZC1uby1zZWNyZXQ',
  })
  secret: string;
}

const Time = (description: string, example: string): PropertyDecorator =>
  ApiProperty({ type: 'string', format: 'date-time', description, example });

/** A browser in which somebody has signed in. */
@ApiSchema({ name: 'SessionItem' })
export class SessionItemDto {
  @ApiProperty({ description: 'Never changes.', example: '5b0de6a8-0a3c-4a3a-8d7d-3c1c5b7e2f11' })
  id: string;

  @ApiProperty({ description: 'Whether it is the one that asks.', example: true })
  isCurrent: boolean;

  @Time('When it began.', '2026-11-24T09:30:00.000Z')
  createdAt: string;

  @Time('When it was last used; up to a minute late.', '2026-11-24T10:15:00.000Z')
  lastSeenAt: string;

  @Time('When it ends unless it is used.', '2026-11-24T22:15:00.000Z')
  idleExpiresAt: string;

  @Time('When it ends at the latest.', '2026-12-01T09:30:00.000Z')
  expiresAt: string;

  @ApiProperty({
    required: false,
    description: 'The browser that signed in, in words. Absent: it is not known.',
    example: 'Firefox on Linux',
  })
  userAgent?: string;

  @ApiProperty({ required: false, description: 'Where the sign-in came from.', example: '203.0.113.7' })
  address?: string;

  static from(session: Session, principal: PersonPrincipal): SessionItemDto {
    const { id, createdAt, lastSeenAt, expiresAt, userAgent, address } = session;
    const idleEnd = Math.min(lastSeenAt.getTime() + LONGEST_IDLE * 1000, expiresAt.getTime());
    return {
      id,
      isCurrent: id === principal.session.id,
      createdAt: createdAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
      idleExpiresAt: new Date(idleEnd).toISOString(),
      expiresAt: expiresAt.toISOString(),
      userAgent: userAgent ?? undefined,
      address: address ?? undefined,
    };
  }
}

/** Who has signed in, and what they may do. */
@ApiSchema({ name: 'Session' })
export class SessionDto {
  @ApiProperty({ type: UserDto, description: 'Who has signed in.' })
  person: UserDto;

  @ApiProperty({ enum: ROLES, description: 'What they are in the organization.' })
  role: Role;

  @ApiProperty({ type: MeOrganizationDto, description: 'Whose rows they see.' })
  organization: MeOrganizationDto;

  @ApiProperty({
    enum: GRANTED_SCOPES,
    isArray: true,
    description: "The role's scopes.",
    example: ['write:*'],
  })
  scopes: string[];

  @ApiProperty({
    enum: SCOPES,
    isArray: true,
    description: 'Every scope that these allow.',
    example: ['read:customers', 'write:customers'],
  })
  expandedScopes: string[];

  @ApiProperty({ type: SessionItemDto, description: 'The session that asks.' })
  session: SessionItemDto;

  @ApiProperty({
    description:
      'Where applications reach the API: below PUBLIC_URL where that is set, since of no other address it is known that it leads here from ' +
      'elsewhere; otherwise at the port of the API on the machine that the server runs on.',
    example: 'http://localhost:6000/api',
  })
  apiUrl: string;

  static from(principal: PersonPrincipal, session: Session, { apiUrl }: Pick<Env, 'apiUrl'>): SessionDto {
    return {
      person: { id: principal.userId, name: principal.userName },
      role: principal.role,
      organization: principal.organization,
      scopes: [...principal.scopes],
      expandedScopes: expandScopes(principal.scopes),
      session: SessionItemDto.from(session, principal),
      apiUrl,
    };
  }
}

@ApiSchema({ name: 'SessionList' })
export class SessionListDto {
  @ApiProperty({
    type: SessionItemDto,
    isArray: true,
    description: 'The one that was used last first; 100 at the most.',
  })
  items: SessionItemDto[];
}
