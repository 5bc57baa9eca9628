import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** Who did something: a reference, as it stands in what was done. */
@ApiSchema({ name: 'User' })
export class UserDto {
  @ApiProperty({ description: 'Never changes.', example: '0f7c1a52-6d3e-4c53-9a53-3f0b8c9e1d11' })
  id: string;

  @ApiProperty({ required: false, description: 'What it is called now.', example: 'my-app-backend' })
  name?: string;
}
