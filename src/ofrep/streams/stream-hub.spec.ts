import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Stream } from './stream-hub.js';
import { StreamHub } from './stream-hub.js';

/** A stream that remembers what happened to it. */
class FakeStream implements Stream {
  version = '';
  backlog = 0;
  readonly written: string[] = [];
  fate: 'open' | 'ended' | 'destroyed' = 'open';

  constructor(
    readonly organizationId: string,
    readonly tokenHash: string,
  ) {}

  write(bytes: Uint8Array): void {
    this.written.push(Buffer.from(bytes).toString());
  }

  end(): void {
    this.fate = 'ended';
  }

  destroy(): void {
    this.fate = 'destroyed';
  }
}

const EVENT = Buffer.from('event');

let hub: StreamHub<FakeStream>;
beforeEach(() => {
  hub = new StreamHub({ perOrganization: 2, all: 3, backlog: 100 });
});

function added(organizationId: string, tokenHash = 'token'): FakeStream {
  const stream = new FakeStream(organizationId, tokenHash);
  expect(hub.add(stream)).toBeUndefined();
  return stream;
}

describe('StreamHub', () => {
  it('finds streams by organization and by token, until they are removed', () => {
    const [one, two, three] = [added('a', 'x'), added('a', 'y'), added('b', 'x')];
    expect([hub.ofOrganization('a'), hub.ofOrganization('b'), hub.ofOrganization('c')]).toEqual([
      [one, two],
      [three],
      [],
    ]);
    expect([hub.ofToken('x'), hub.ofToken('y'), hub.ofToken('z')]).toEqual([[one, three], [two], []]);
    expect([hub.size, hub.streams(), hub.organizations()]).toEqual([3, [one, two, three], ['a', 'b']]);
    hub.remove(one);
    hub.remove(one);
    hub.remove(three);
    expect([hub.ofOrganization('a'), hub.ofToken('x'), hub.organizations(), hub.size]).toEqual([[two], [], ['a'], 1]);
    expect([hub.has('a'), hub.has('b')]).toEqual([true, false]);
    expect([one.fate, two.fate, three.fate]).toEqual(['open', 'open', 'open']);
  });

  it('takes so many of an organization, and so many at all', () => {
    const [first] = [added('a'), added('a')];
    expect([hub.fullness('a'), hub.add(new FakeStream('a', 'x')), hub.fullness('b')]).toEqual([
      'organization',
      'organization',
      undefined,
    ]);
    const third = added('b');
    expect([hub.fullness('b'), hub.add(new FakeStream('c', 'x'))]).toEqual(['process', 'process']);
    expect([hub.size, hub.counts.opened, hub.counts.refused]).toEqual([3, 3, 2]);
    hub.remove(third);
    added('c');
    hub.remove(first!);
    expect(hub.add(new FakeStream('a', 'x'))).toBeUndefined();
  });

  it('takes none where none may be', () => {
    const none = new StreamHub({ perOrganization: 0, all: 3, backlog: 100 });
    expect([none.fullness('a'), none.add(new FakeStream('a', 'x'))]).toEqual(['organization', 'organization']);
  });

  it('writes the same bytes to whom it is told, and counts events', () => {
    const [one, two] = [added('a'), added('a')];
    hub.send(one, EVENT);
    hub.send(two, EVENT);
    hub.write(two, Buffer.from('beat'));
    expect([one.written, two.written, hub.counts.events]).toEqual([['event'], ['event', 'beat'], 2]);
  });

  it('lets go of who is too far behind, and of nobody else', () => {
    const [slow, quick] = [added('a'), added('a')];
    slow.backlog = 101;
    quick.backlog = 100;
    hub.send(slow, EVENT);
    hub.send(quick, EVENT);
    expect([slow.fate, slow.written, quick.fate, quick.written]).toEqual(['destroyed', [], 'open', ['event']]);
    expect([hub.ofOrganization('a'), hub.counts.dropped, hub.counts.events]).toEqual([[quick], 1, 1]);
  });

  it('ends a stream in order, and forgets it at once', () => {
    const stream = added('a');
    hub.end(stream);
    expect([stream.fate, hub.size, hub.has('a')]).toEqual(['ended', 0, false]);
  });
});
