import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { generateToken } from '../../src/tokens/token-format.js';
import { useApp } from '../support/app.js';
import { leavesNoTrace } from '../support/no-trace.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { queriesDuring } from '../support/queries.js';
import type { RawAnswer } from '../support/raw-http.js';
import { RawConnection, rawRequest } from '../support/raw-http.js';
import { undisturbed } from '../support/undisturbed.js';

jest.setTimeout(120_000);
useApp();

let org: TestOrganization;
beforeAll(async () => {
  org = await anOrg();
});
leavesNoTrace(() => org);

const token = (): string => org.api.token!;
const bearer = (credential: string): string => `Authorization: Bearer ${credential}`;

/** Statuses and codes of answers, each once. */
const kinds = (answers: readonly RawAnswer[]): unknown[] => [
  ...new Set(answers.map(({ status, body }) => `${status} ${body?.code ?? ''}`.trim())),
];

describe.each([
  ['validate', '/api/tokens/validate', '401 ValidateToken.Invalid'],
  ['the API', '/api/me', '401 Auth.InvalidToken'],
])('wrong tokens, sent to %s', (_, path, refused) => {
  /** Sends all of them over one connection, some at a time. */
  async function ask(headers: readonly string[]): Promise<RawAnswer[]> {
    const connection = await RawConnection.open();
    const answers: RawAnswer[] = [];
    for (let from = 0; from < headers.length; from += 50) {
      const batch = headers.slice(from, from + 50);
      connection.write(batch.map((header) => rawRequest(`GET ${path}`, [header], undefined)).join(''));
      for (let i = 0; i < batch.length; i++) answers.push(await connection.answer());
    }
    connection.destroy();
    return answers;
  }

  it('the right one is right', async () => {
    expect(kinds(await ask([bearer(token())]))).toEqual(['200']);
  });

  it('every length from 0 to 200 but the right one: 401 without a query', async () => {
    const long = token() + 'a'.repeat(200);
    const lengths = Array.from({ length: 201 }, (_, length) => length).filter((length) => length !== token().length);
    const sent = await queriesDuring(async () => {
      expect(kinds(await ask(lengths.map((length) => bearer(long.slice(0, length)))))).toEqual([refused]);
      expect(kinds(await ask(lengths.map((length) => bearer(`ksh_${'0'.repeat(length)}`))))).toEqual([refused]);
    });
    expect(sent).toEqual([]);
  });

  it('one character changed, at every position, to every other: 401 without a query', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.+/~ \t"\xe9';
    const sent = await queriesDuring(async () => {
      for (let position = 0; position < token().length; position++) {
        const changed = [...alphabet]
          .filter((character) => character !== token()[position])
          .map((character) => token().slice(0, position) + character + token().slice(position + 1))
          // A blank at the end is none of the value's.
          .filter((wrong) => wrong.trimEnd().length === token().length);
        expect([position, kinds(await ask(changed.map(bearer)))]).toEqual([position, [refused]]);
      }
    });
    expect(sent).toEqual([]);
  });

  it('two characters swapped, one left out, one doubled: 401 without a query', async () => {
    const wrong: string[] = [];
    for (let i = 0; i < token().length; i++) {
      const [before, behind] = [token().slice(0, i), token().slice(i + 1)];
      const character = token()[i]!;
      wrong.push(before + behind, before + character + character + behind);
      if (behind && behind[0] !== character) wrong.push(before + behind[0] + character + behind.slice(1));
    }
    const sent = await queriesDuring(async () => expect(kinds(await ask(wrong.map(bearer)))).toEqual([refused]));
    expect(sent).toEqual([]);
  });

  it('bytes beyond ASCII, in UTF-8 and Latin-1: 401 without a query', async () => {
    const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
    const wrong = [
      ...['é', 'ｋ', 'К', '\u200b', '\u00ad', '\ufeff', '\u0661', '🔑', '\u212a'].flatMap((character) => [
        utf8(character) + token(),
        token() + utf8(character),
        utf8(character) + token().slice(1),
        token().slice(0, 20) + utf8(character) + token().slice(20),
        token().slice(0, 20) + utf8(character) + token().slice(21),
      ]),
      ...Array.from({ length: 128 }, (_, i) => token().slice(0, 10) + String.fromCharCode(128 + i) + token().slice(11)),
      `${token()}\xa0`,
      `\xa0${token()}`,
      '\xc0\xaf',
      utf8('日本語'),
      '\xff'.repeat(42),
      // The right token in full-width letters, which some compare as equal.
      utf8([...token()].map((character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0)).join('')),
    ];
    const sent = await queriesDuring(async () => expect(kinds(await ask(wrong.map(bearer)))).toEqual([refused]));
    expect(sent).toEqual([]);
  });

  it('what is no bearer: 401 without a query', async () => {
    const headers = [
      token(),
      `Basic ${Buffer.from(`ksh:${token()}`).toString('base64')}`,
      `Token ${token()}`,
      `Bearer: ${token()}`,
      `Bearer=${token()}`,
      `Bearer"${token()}"`,
      `Bearer "${token()}"`,
      `Bearer <${token()}>`,
      `Bearer${token()}`,
      `Bearer  ${token()}`,
      `Bearer\t${token()}`,
      `Bearer \t${token()}`,
      `Bearer ${token()} x`,
      `Bearer ${token()},`,
      `Bearer ${token()}, Bearer ${token()}`,
      `Bearer ${token()};`,
      `Bearer Bearer ${token()}`,
      `Bearer token=${token()}`,
      `Bearer ${encodeURIComponent(`${token()}\n`)}`,
      'Bearer',
      'Bearer ksh_',
      'Bearer null',
      'Bearer undefined',
      'Bearer {}',
      `Bearer ${Buffer.from(token()).toString('base64')}`,
      `Bearer ${token().toUpperCase()}`,
      `Bearer ${token().toLowerCase()}`,
      `Bearer ksm_${token().slice(4)}`,
      `Bearer ' OR 1=1 --`,
    ].map((value) => `Authorization: ${value}`);
    const sent = await queriesDuring(async () => expect(kinds(await ask(headers))).toEqual([refused]));
    expect(sent).toEqual([]);
  });

  it('one that nobody has, in the right form: 401 with one query, however often it is sent', async () => {
    const sent = await undisturbed(() => {
      const invented = Array<string>(200).fill(bearer(generateToken()));
      return queriesDuring(async () => expect(kinds(await ask(invented))).toEqual([refused]));
    });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toContain('authenticate_token');
  });
});

describe('1,000 wrong tokens a second, for two seconds, beside normal traffic', () => {
  const RATE = 1_000;
  const SECONDS = 2;
  const CONNECTIONS = 20;
  const TICKS_PER_SECOND = 50;

  it('are all refused, and the others all served', async () => {
    const [other] = await Promise.all([anOrg()]);
    let isOver = false;
    const normal = Promise.all(
      [org, other, org, other].map(async ({ api, org: { slug } }, index) => {
        let served = 0;
        const connection = await RawConnection.open();
        while (!isOver) {
          connection.write(rawRequest(index < 2 ? 'GET /api/me' : 'GET /api/tokens/validate', [], api.token));
          const { status, headers, body } = await connection.answer();
          expect(status).toBe(200);
          if (index < 2) expect(body.organization.slug).toBe(slug);
          else expect(headers.authorization).toMatch(/^Bearer ey/);
          served++;
          await sleep(5);
        }
        connection.destroy();
        return served;
      }),
    );

    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => RawConnection.open()));
    const turns = connections.map(() => Promise.resolve());
    const answers: RawAnswer[] = [];
    for (let tick = 0; tick < TICKS_PER_SECOND * SECONDS; tick++) {
      for (let i = 0; i < RATE / TICKS_PER_SECOND; i++) {
        const which = i % CONNECTIONS;
        // Half of them nobody could know for wrong without looking them up.
        const wrong = tick % 2 === 0 ? generateToken() : `${token().slice(0, -1)}!`;
        const path = i % 4 === 0 ? '/api/me' : '/api/tokens/validate';
        connections[which]!.write(rawRequest(`GET ${path}`, [], wrong));
        turns[which] = turns[which]!.then(async () => void answers.push(await connections[which]!.answer()));
      }
      await sleep(1_000 / TICKS_PER_SECOND);
    }
    await Promise.all(turns);
    isOver = true;
    for (const connection of connections) connection.destroy();

    expect(answers).toHaveLength(RATE * SECONDS);
    expect(kinds(answers).sort()).toEqual(['401 Auth.InvalidToken', '401 ValidateToken.Invalid']);
    for (const served of await normal) expect(served).toBeGreaterThan(10);
  });
});
