import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { endTogether } from './end-together.js';

const ended: string[] = [];

const response = (name: string): ServerResponse =>
  ({
    end: (body?: string) => void ended.push(body === undefined ? name : `${name} ${body}`),
  }) as unknown as ServerResponse;

/** In milliseconds: no time passes but what a test lets pass. */
let now = 0;

beforeEach(() => {
  ended.splice(0);
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => void jest.restoreAllMocks());

describe('endTogether', () => {
  it('ends what is ready in one turn of the event loop at its end, in order', async () => {
    endTogether(response('a'), 'text');
    endTogether(response('b'));
    expect(ended).toEqual([]);
    await nextTurn();
    expect(ended).toEqual(['a text', 'b']);
  });

  it('ends what comes later with its own turn', async () => {
    endTogether(response('a'));
    await nextTurn();
    endTogether(response('b'));
    expect(ended).toEqual(['a']);
    await nextTurn();
    expect(ended).toEqual(['a', 'b']);
  });

  it('lets none wait for a turn that takes long', async () => {
    endTogether(response('a'));
    now += 2;
    endTogether(response('b'));
    expect(ended).toEqual(['a', 'b']);
    endTogether(response('c'));
    expect(ended).toEqual(['a', 'b']);
    await nextTurn();
    expect(ended).toEqual(['a', 'b', 'c']);
  });

  it('takes what comes while it ends others for the turn after', async () => {
    const asking = { end: () => endTogether(response('late')) } as unknown as ServerResponse;
    endTogether(asking);
    endTogether(response('b'));
    await nextTurn();
    expect(ended).toEqual(['b']);
    await nextTurn();
    expect(ended).toEqual(['b', 'late']);
  });
});
