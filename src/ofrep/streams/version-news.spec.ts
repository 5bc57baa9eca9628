import { beforeEach, describe, expect, it } from '@jest/globals';
import type { FlagSnapshot } from '../flag-snapshot.js';
import type { Stream } from './stream-hub.js';
import { StreamHub } from './stream-hub.js';
import { VersionNews } from './version-news.js';

/** Versions as snapshots have them. */
const version = (digit: string): string => digit.repeat(64);
const known = (digit: string): string => digit.repeat(32);

let hub: StreamHub<Stream>;
/** The reading that is under way. */
let reading: { answer(digit: string): void; fail(): void };
let readings: number;
let news: VersionNews;
beforeEach(() => {
  hub = new StreamHub({ perOrganization: 10, all: 10, backlog: 100 });
  readings = 0;
  news = new VersionNews(hub, {
    find: () =>
      new Promise<FlagSnapshot>((resolve, reject) => {
        readings += 1;
        reading = {
          answer: (digit) => resolve({ version: version(digit) } as FlagSnapshot),
          fail: () => reject(new Error('the database is away')),
        };
      }),
  });
});

/** A stream of a client that knows a version. @returns what it has been sent: ids of events. */
function streamOf(organizationId: string, digit: string): string[] {
  const ids: string[] = [];
  hub.add({
    organizationId,
    tokenHash: 'token',
    version: known(digit),
    backlog: 0,
    write: (bytes) => ids.push(/^id: (.*)$/m.exec(Buffer.from(bytes).toString())![1]!),
    end: () => undefined,
    destroy: () => undefined,
  });
  return ids;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('VersionNews', () => {
  it('tells those that know another version, once', async () => {
    const [old, current, foreign] = [streamOf('a', '1'), streamOf('a', '2'), streamOf('b', '1')];
    for (let round = 0; round < 2; round += 1) {
      const comparing = news.compare('a');
      reading.answer('2');
      await comparing;
    }
    expect([old, current, foreign]).toEqual([[known('2')], [], []]);
  });

  it('reads nothing where nobody is to be told', async () => {
    await news.compare('a');
    expect(readings).toBe(0);
  });

  it('reads again what has changed while it was read, and once for however many changes', async () => {
    const ids = streamOf('a', '1');
    const comparing = news.compare('a');
    for (let change = 0; change < 5; change += 1) await news.compare('a');
    expect(readings).toBe(1);
    reading.answer('2');
    await turn();
    expect(readings).toBe(2);
    reading.answer('3');
    await comparing;
    expect([readings, ids]).toEqual([2, [known('2'), known('3')]]);
  });

  it('tries again when the flags could not be read', async () => {
    const ids = streamOf('a', '1');
    const comparing = news.compare('a');
    reading.fail();
    await comparing;
    expect(ids).toEqual([]);
    news.retry();
    reading.answer('2');
    await turn();
    news.retry();
    expect([ids, readings]).toEqual([[known('2')], 2]);
  });

  it('compares all organizations that have streams', async () => {
    const [one, two] = [streamOf('a', '1'), streamOf('b', '1')];
    news.compareAll();
    expect(readings).toBe(2);
    reading.answer('2');
    await turn();
    expect([one, two]).toEqual([[], [known('2')]]);
  });
});
