import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normalizeUrl } from './request-url.js';

/** A text as Node hands it over: its UTF-8 bytes read as Latin-1. */
const asReceived = (text: string): string => Buffer.from(text).toString('latin1');

describe('normalizeUrl', () => {
  it('leaves ASCII without escapes alone', () => {
    expect(normalizeUrl('/api/customers?q=a+b&sort=-name')).toBe('/api/customers?q=a+b&sort=-name');
  });

  it('keeps what a URL means: every well-formed text without NUL comes through, escaped or not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('\0'));
        const escaped = `/api/customers/${encodeURIComponent(text)}`;
        expect(normalizeUrl(escaped)).toBe(escaped);
        const raw = `/${text.replace(/[^\u0080-\u{10ffff}]/gu, '')}`;
        expect(decodeURIComponent(normalizeUrl(asReceived(raw))!)).toBe(raw);
      }),
    );
  });

  it('answers with ASCII or with nothing, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        const url = `/${Buffer.from(bytes).toString('latin1')}`;
        const normal = normalizeUrl(url);
        if (normal === undefined) return;

        expect(normal).toMatch(/^[\u0000-\u007f]*$/);
        if (normal !== url)
          expect(Buffer.from(decodeURIComponent(normal)).toString('latin1')).toBe(
            Buffer.from(decodeURIComponent(asText(url))).toString('latin1'),
          );
      }),
    );
  });

  it.each([
    '%',
    '%4',
    '%zz',
    '%00',
    '%ff',
    '%c0%af',
    '%ed%a0%80',
    '%f4%90%80%80',
    '\xff',
    '\xc3',
    '\xc0\xaf',
    '\xed\xa0\x80',
    '%E6%9D\xb1',
  ])('refuses %j, in the path and in the query', (bytes) => {
    expect(normalizeUrl(`/a/${bytes}`)).toBeUndefined();
    expect(normalizeUrl(`/a?q=${bytes}`)).toBeUndefined();
  });
});

const asText = (url: string): string => Buffer.from(url, 'latin1').toString();
