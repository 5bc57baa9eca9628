import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../../auth/access.js';
import type { KaitenRequest } from '../../auth/principal.js';
import { Operation } from '../../http/operations.js';
import { StreamHandler } from './stream-handler.js';
import { invalidTicket, stopping, tooManyStreams } from './streams.errors.js';

/** The route of the streams for the route table and the document. `StreamHandler` answers requests before the framework sees them. */
@ApiTags('ofrep')
@Controller('ofrep/v1/events')
export class StreamsController {
  constructor(private readonly handler: StreamHandler) {}

  @Get()
  @ApiResponse({
    status: 200,
    description: 'Server-sent events, for as long as the token may evaluate feature flags.',
    content: {
      'text/event-stream': {
        schema: { type: 'string' },
        example:
          'id: 5d41402abc4b2a76b9719d911017c592\nevent: message\n' +
          'data: {"type":"refetchEvaluation","etag":"5d41402abc4b2a76b9719d911017c592","lastModified":1772359200}\n\n',
      },
    },
  })
  @ApiQuery({
    name: 'ticket',
    description:
      'From `eventStreams` of the answer to an evaluation of all flags. It is good for 60 s, and for nothing else.',
    schema: { type: 'string' },
  })
  @Public()
  @Operation({
    id: 'streamFlagEvents',
    summary: 'Be told when to evaluate feature flags again',
    description:
      'For EventSource, which sends no headers: no Authorization is needed, but a ticket, which stands for the token that it was given to. ' +
      "OpenFeature's client SDKs open the streams that they are told of by themselves.",
    status: 200,
    problems: [invalidTicket(), tooManyStreams('organization'), tooManyStreams('process'), stopping()],
  })
  open(@Req() request: KaitenRequest, @Res() response: Response): Promise<void> {
    return this.handler.answer(request, response);
  }
}
