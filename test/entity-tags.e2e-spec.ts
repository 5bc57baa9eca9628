import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Answer, Api } from './support/api.js';
import { testApp, useApp } from './support/app.js';
import { SWITCH } from './support/flag-bodies.js';
import { anOrg } from './support/organizations.js';

useApp({ poolSize: 8 });

let api: Api;
let owner: string;
beforeAll(async () => {
  ({ api } = await anOrg());
  owner = (await api.post('/api/customers', { name: 'Owner' })).body.id;
});

interface Changed {
  readonly method: string;
  readonly list: string;
  readonly code: string;
  /** What makes one. */
  readonly made: () => object;
  /** A change of it, with a text that shows afterwards. */
  readonly change: (text: string) => object;
  readonly shown: (body: any) => string;
}

const INSTANCE = { list: '/api/instances', code: 'Instance', made: () => ({ name: 'Tagged', customerId: owner }) };

const CASES: Readonly<Record<string, Changed>> = {
  'PUT /api/customers/{slug}': {
    method: 'PUT',
    list: '/api/customers',
    code: 'Customer',
    made: () => ({ name: 'Tagged' }),
    change: (text) => ({ name: text }),
    shown: ({ name }) => name,
  },
  'PUT /api/instances/{slug}': {
    ...INSTANCE,
    method: 'PUT',
    change: (text) => ({ name: text, customerId: owner }),
    shown: ({ name }) => name,
  },
  'PATCH /api/instances/{slug}': {
    ...INSTANCE,
    method: 'PATCH',
    change: (text) => ({ metadata: { text } }),
    shown: ({ metadata }) => metadata.text,
  },
};

describe.each(Object.keys(CASES))('%s', (name) => {
  const { method, list, code, made, change, shown } = CASES[name]!;
  let path: string;
  beforeEach(async () => {
    path = `${list}/${(await api.post(list, made())).body.slug}`;
  });

  const tag = async (): Promise<string> => (await api.get(path)).headers.etag!;
  const send = (text: string, ifMatch?: string, to = path): Promise<Answer> =>
    api.send(method, to, { body: change(text), headers: ifMatch === undefined ? {} : { 'If-Match': ifMatch } });

  it('answers the next tag, which GET has too', async () => {
    const first = await tag();
    expect(first).toMatch(/^"\d+"$/);
    expect(await tag()).toBe(first);
    const answer = await send('Next', first);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.headers.etag).not.toBe(first);
    expect(answer.headers.etag).toBe(await tag());
  });

  it('204 for the present tag, among others and in *, and without the header', async () => {
    for (const header of [(present: string) => present, (present: string) => `"1", W/"2",${present}`]) {
      expect((await send('Matched', header(await tag()))).status).toBe(204);
    }
    for (const header of ['*', undefined]) expect((await send('Any', header)).status).toBe(204);
  });

  it('412 for another tag, a weak one and what is none, with nothing changed', async () => {
    const present = await tag();
    for (const ifMatch of ['"0"', `W/${present}`, present.replaceAll('"', ''), '""', `"0", W/${present}`]) {
      const { status, body } = await send('Lost', ifMatch);
      expect([ifMatch, status, body.code]).toEqual([ifMatch, 412, `${code}.PreconditionFailed`]);
    }
    expect(await tag()).toBe(present);
    expect(shown((await api.get(path)).body)).not.toBe('Lost');
  });

  it('of ten writers with the same tag one wins', async () => {
    const present = await tag();
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => send(`Writer ${i}`, present)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array<number>(9).fill(412)]);
    const winner = answers.findIndex(({ status }) => status === 204);
    const { body, headers } = await api.get(path);
    expect([shown(body), headers.etag]).toEqual([`Writer ${winner}`, answers[winner]!.headers.etag]);
  });

  it('404 and 422 come before it', async () => {
    expect((await send('X', '"0"', `${list}/nowhere`)).status).toBe(404);
    const { status } = await api.send(method, path, { body: { unknown: 1 }, headers: { 'If-Match': '"0"' } });
    expect(status).toBe(422);
  });

  it('is another one after a write in SQL, and for one that was made anew under the slug', async () => {
    const first = await tag();
    const slug = path.split('/').at(-1)!;
    const table = list.slice('/api/'.length);
    await testApp().owner.query(`UPDATE ${table} SET name = 'Direct', version = 1 WHERE slug = $1`, [slug]);
    const second = await tag();
    expect([first, '"1"']).not.toContain(second);
    await api.delete(path);
    await api.post(list, { ...made(), slug });
    expect([first, second]).not.toContain(await tag());
  });
});

describe('PATCH with nothing', () => {
  it('204 with the tag that it has, 412 for another', async () => {
    const { slug } = (await api.post('/api/instances', INSTANCE.made())).body;
    const path = `/api/instances/${slug}`;
    const { etag } = (await api.get(path)).headers;
    const answer = await api.patch(path, {}, { headers: { 'If-Match': etag! } });
    expect([answer.status, answer.headers.etag]).toEqual([204, etag]);
    expect((await api.patch(path, {}, { headers: { 'If-Match': '"0"' } })).status).toBe(412);
  });
});

const DELETED: Readonly<Record<string, { list: string; code: string; made: () => object }>> = {
  'DELETE /api/customers/{slug}': { list: '/api/customers', code: 'Customer', made: () => ({ name: 'Deleted' }) },
  'DELETE /api/instances/{slug}': INSTANCE,
  'DELETE /api/feature-flags/{slug}': {
    list: '/api/feature-flags',
    code: 'FeatureFlag',
    made: () => ({ ...SWITCH, name: 'Deleted', slug: 'deleted' }),
  },
};

describe.each(Object.keys(DELETED))('%s', (name) => {
  const { list, code, made } = DELETED[name]!;
  const remove = (path: string, ifMatch: string): Promise<Answer> =>
    api.send('DELETE', path, { headers: { 'If-Match': ifMatch } });

  it('deletes what If-Match names, and nothing else', async () => {
    const path = `${list}/${(await api.post(list, made())).body.slug}`;
    const { etag } = (await api.get(path)).headers;
    const refused = await remove(path, '"0"');
    expect([refused.status, refused.body.code]).toEqual([412, `${code}.PreconditionFailed`]);
    expect((await remove(path, `W/${etag}`)).status).toBe(412);
    expect((await api.get(path)).status).toBe(200);
    expect((await remove(path, `"other", ${etag}`)).status).toBe(204);
    expect((await remove(path, '*')).status).toBe(404);
  });
});
