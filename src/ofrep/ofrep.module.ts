import { Global, Module } from '@nestjs/common';
import { FactsModule } from '../facts/facts.module.js';
import { FlagEvaluationsModule } from '../flag-evaluations/flag-evaluations.module.js';
import { FlagChanges } from '../feature-flags/flag-changes.js';
import { ManifestController } from './manifest.controller.js';
import { EvaluationClock, OfrepEvaluator } from './ofrep-evaluator.js';
import { OfrepHandler } from './ofrep-handler.js';
import { OfrepController } from './ofrep.controller.js';
import { ServedFlags } from './served-flags.js';
import { Announcements } from './streams/announcements.js';
import { FlagStreams } from './streams/flag-streams.js';
import { StreamHandler } from './streams/stream-handler.js';
import { StreamTickets } from './streams/stream-tickets.js';
import { StreamsController } from './streams/streams.controller.js';

/** Feature flags as applications ask for them: in memory, by OpenFeature's protocol. */
@Global()
@Module({
  imports: [FactsModule, FlagEvaluationsModule],
  controllers: [OfrepController, ManifestController, StreamsController],
  providers: [
    OfrepHandler,
    OfrepEvaluator,
    EvaluationClock,
    ServedFlags,
    FlagStreams,
    StreamTickets,
    Announcements,
    StreamHandler,
    { provide: FlagChanges, useExisting: ServedFlags },
  ],
  exports: [FlagChanges],
})
export class OfrepModule {}
