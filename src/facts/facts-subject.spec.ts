import { expect, it } from '@jest/globals';
import { subjectOf } from './facts-subject.js';

const ID = '9b2f8f3e-7f0a-4d59-8a4e-0d9f3f6f9b61';

it.each([
  [{ kaiten: { instanceSlug: 'tokyo' } }, undefined, { instanceSlug: 'tokyo' }],
  [{ 'kaiten.instanceSlug': 'tokyo' }, undefined, { instanceSlug: 'tokyo' }],
  [{ kaiten: { instanceId: ID.toUpperCase() } }, undefined, { instanceId: ID }],
  [{ kaiten: { instanceId: ID, instanceSlug: 'tokyo' } }, undefined, { instanceId: ID }],
  [{ 'kaiten.instanceSlug': 'dotted', kaiten: { instanceSlug: 'nested' } }, undefined, { instanceSlug: 'dotted' }],
  [{}, 'sakura', { customerSlug: 'sakura' }],
  [{ kaiten: { instanceSlug: 'tokyo' } }, 'sakura', { instanceSlug: 'tokyo', customerSlug: 'sakura' }],
  [{ kaiten: { instanceId: 'tokyo' } }, 'sakura', { customerSlug: 'sakura' }],
])('%j with the key %j', (context, key, subject) => expect(subjectOf(context, key)).toEqual(subject));

it.each([
  [{}, undefined],
  [{}, ''],
  [{}, ID],
  [{}, 'User 1'],
  [{}, 'x'.repeat(101)],
  [{}, 'a\nb'],
  [{ kaiten: null }, undefined],
  [{ kaiten: 'tokyo' }, undefined],
  [{ kaiten: [] }, undefined],
  [{ kaiten: { instanceSlug: 1 } }, undefined],
  [{ kaiten: { instanceSlug: ID } }, undefined],
  [{ kaiten: { instanceSlug: "x'; --" } }, undefined],
])('nobody for %j with the key %j: no look-up', (context, key) => expect(subjectOf(context, key)).toBeUndefined());
