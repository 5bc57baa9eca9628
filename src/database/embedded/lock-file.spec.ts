import { describe, expect, it } from '@jest/globals';
import { isPostmaster, parseLockFile } from './lock-file.js';

const lines = ['4711', '/data/18-a', '1795506518', '20123', '', '127.0.0.1', ' 123456    7', 'ready   ', ''];

describe('parseLockFile', () => {
  it('reads a running server', () => {
    const expected = { pid: 4711, dataDirectory: '/data/18-a', port: 20123, ready: true };
    expect(parseLockFile(lines.join('\n'))).toEqual(expected);
  });

  it.each(['starting', 'stopping', 'standby '])('knows that "%s" is not ready', (status) => {
    expect(parseLockFile([...lines.slice(0, 7), status, ''].join('\n'))).toMatchObject({ pid: 4711, ready: false });
  });

  it('reads what a server has written in its first moments', () => {
    const expected = { pid: 4711, dataDirectory: '/data/18-a', port: undefined, ready: false };
    expect(parseLockFile('4711\n/data/18-a\n1795506518\n')).toEqual(expected);
  });

  it.each(['', '\n', 'x\n/data\n', '-5\n/data\n', '0\n/data\n', '4711\n'])('makes nothing of %j', (content) => {
    expect(parseLockFile(content)).toBeUndefined();
  });
});

describe('isPostmaster', () => {
  it('takes no other process for one, not even if it is alive', async () => {
    expect(await isPostmaster({ pid: process.pid, dataDirectory: '/data/18-a', ready: true })).toBe(false);
  });
});
