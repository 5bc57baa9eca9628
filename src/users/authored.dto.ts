import { ReadOnly } from '../http/fields.js';
import { UserDto } from './user.dto.js';

/** What an answer says of something that is made once. */
export abstract class CreatedDto {
  @ReadOnly({ type: UserDto, description: 'Who created it.' })
  createdBy: UserDto;

  @ReadOnly({
    type: 'string',
    format: 'date-time',
    description: 'When it was created.',
    example: '2026-11-24T09:30:00.000Z',
  })
  createdAt: string;
}

/** What an answer says of something that changes. */
export abstract class AuthoredDto extends CreatedDto {
  @ReadOnly({ type: UserDto, description: 'Who changed it last.' })
  updatedBy: UserDto;

  @ReadOnly({
    type: 'string',
    format: 'date-time',
    description: 'When it was changed last.',
    example: '2026-11-24T10:15:00.000Z',
  })
  updatedAt: string;
}

interface CreatedRow {
  readonly createdById: string;
  readonly createdByName: string;
  readonly createdAt: Date;
}

interface ChangedRow {
  readonly updatedById: string;
  readonly updatedByName: string;
  readonly updatedAt: Date;
}

export function creationOf(row: CreatedRow): CreatedDto {
  return { createdBy: { id: row.createdById, name: row.createdByName }, createdAt: row.createdAt.toISOString() };
}

export function changeOf(row: ChangedRow): Pick<AuthoredDto, 'updatedBy' | 'updatedAt'> {
  return { updatedBy: { id: row.updatedById, name: row.updatedByName }, updatedAt: row.updatedAt.toISOString() };
}

export function authorshipOf(row: CreatedRow & ChangedRow): AuthoredDto {
  return { ...creationOf(row), ...changeOf(row) };
}
