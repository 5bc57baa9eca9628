import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { Principal } from '../auth/principal.js';
import { expandScopes, GRANTED_SCOPES, SCOPES } from '../auth/scopes.js';
import type { Token } from '../tokens/token.entity.js';
import { UserDto } from '../users/user.dto.js';

@ApiSchema({ name: 'MeOrganization' })
export class MeOrganizationDto {
  @ApiProperty({ description: 'Never changes.', example: 'c2a1b3d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d' })
  id: string;

  @ApiProperty({ description: 'What a gateway calls it.', example: 'org_c2a1b3d45e6f4a7b8c9d0e1f2a3b4c5d' })
  externalId: string;

  @ApiProperty({ description: 'What people call it.', example: 'Sakura' })
  name: string;

  @ApiProperty({ description: 'Unique on this server.', example: 'sakura' })
  slug: string;
}

@ApiSchema({ name: 'MeToken' })
class MeTokenDto {
  @ApiProperty({ description: 'Never changes.', example: '7b0de6a8-0a3c-4a3a-8d7d-3c1c5b7e2f44' })
  id: string;

  @ApiProperty({ description: 'What people call it.', example: 'production' })
  name: string;

  @ApiProperty({ description: "Unique among the account's tokens.", example: 'production' })
  slug: string;

  @ApiProperty({ type: 'string', format: 'date-time', required: false, description: 'When it ends. Absent: never.' })
  expiresAt?: Date;
}

/** Where a request is from. */
type Origin = Pick<MeDto, 'clientAddress' | 'forwardingHeaders'>;

/** Who asks. */
@ApiSchema({ name: 'Me' })
export class MeDto {
  @ApiProperty({
    enum: ['organization', 'person'],
    description: 'What kind of credential asks: `organization` is a token, `person` a session of the console.',
  })
  kind: 'organization' | 'person';

  @ApiProperty({ type: UserDto, description: 'Whose credential it is.' })
  user: UserDto;

  @ApiProperty({ type: MeOrganizationDto, description: 'Whose rows it sees.' })
  organization: MeOrganizationDto;

  @ApiProperty({
    enum: GRANTED_SCOPES,
    isArray: true,
    description: 'The scopes as granted.',
    example: ['write:customers'],
  })
  scopes: string[];

  @ApiProperty({
    enum: SCOPES,
    isArray: true,
    description: 'Every scope that these allow.',
    example: ['read:customers', 'write:customers'],
  })
  expandedScopes: string[];

  @ApiProperty({
    type: MeTokenDto,
    required: false,
    description: 'The token that asks. Absent for a person; `GET /session` says more of those.',
    example: { id: '7b0de6a8-0a3c-4a3a-8d7d-3c1c5b7e2f44', name: 'production', slug: 'production' },
  })
  token?: MeTokenDto;

  @ApiProperty({
    required: false,
    description:
      'Where the request is from, as far as this server can tell: what `allowedCidrs` are held against. ' +
      'Behind a gateway that it does not know, the gateway. Absent: it cannot tell.',
    example: '203.0.113.7',
  })
  clientAddress?: string;

  @ApiProperty({
    type: 'string',
    isArray: true,
    description:
      'Names of the headers of this request that speak of where it is from, in lower case, as often as they arrived. ' +
      'Behind a gateway, those that it sets; one that a client sent and finds here is one that the gateway lets through.',
    example: ['x-forwarded-for'],
  })
  forwardingHeaders: string[];

  static from(principal: Principal, token: Token | undefined, { clientAddress, forwardingHeaders }: Origin): MeDto {
    return {
      kind: principal.kind,
      user: { id: principal.userId, name: principal.userName },
      organization: principal.organization,
      scopes: [...principal.scopes],
      expandedScopes: expandScopes(principal.scopes),
      token: token && { id: token.id, name: token.name, slug: token.slug, expiresAt: token.expiresAt ?? undefined },
      clientAddress,
      forwardingHeaders,
    };
  }
}
