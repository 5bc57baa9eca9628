import { describe, expect, it } from '@jest/globals';
import { parseAnswer } from './answer.js';

const parse = (text: string, { toHead = false, isWhole = false } = {}): ReturnType<typeof parseAnswer> =>
  parseAnswer(Buffer.from(text), { toHead, isWhole });

describe('parseAnswer', () => {
  const problem = '{"code":"X.Y"}';
  const plain = `HTTP/1.1 401 Unauthorized\r\nContent-Length: ${problem.length}\r\nX-A: 1\r\n\r\n${problem}`;
  const chunked = `HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"cod\r\n9\r\ne":"X.Y"}\r\n0\r\n\r\n`;
  const untilEnd = `HTTP/1.0 401 Unauthorized\r\n\r\n${problem}`;

  it.each([
    ['of a stated length', plain],
    ['in chunks', chunked],
  ])('reads a body %s as soon as it is whole, and not before', (_, text) => {
    expect(parse(text)).toMatchObject({ status: 401, code: 'X.Y' });
    for (let length = 0; length < text.length - 4; length++) {
      const early = parse(text.slice(0, length));
      expect([length, early?.code]).toEqual([length, undefined]);
    }
    expect(parse(plain)!.headers).toEqual({ 'content-length': String(problem.length), 'x-a': '1' });
  });

  it('reads a body up to the end of the connection', () => {
    expect(parse(untilEnd)).toBeUndefined();
    expect(parse(untilEnd, { isWhole: true })).toMatchObject({ status: 401, code: 'X.Y' });
  });

  it('passes over interim answers, and knows that HEAD and 204 have no body', () => {
    expect(parse(`HTTP/1.1 100 Continue\r\n\r\n${plain}`)).toMatchObject({ status: 401, code: 'X.Y' });
    expect(parse('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n', { toHead: true })).toMatchObject({ status: 200 });
    expect(parse('HTTP/1.1 204 No Content\r\n\r\n')).toMatchObject({ status: 204, body: undefined });
  });

  it('takes what is not HTTP for no answer, and what is not JSON for no problem', () => {
    expect(parse('SSH-2.0-x\r\n\r\n', { isWhole: true })).toBeUndefined();
    expect(parse('HTTP/1.1 401 No\r\nContent-Length: 6\r\n\r\n<html>')).toMatchObject({ code: undefined });
  });
});
