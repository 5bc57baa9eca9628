import { expect, it } from '@jest/globals';
import { BodyMemory } from './body-memory.js';
import { bulkBody, singleBody } from './bulk-body.js';

const flag = (key: string): Buffer => Buffer.from(`{"key":"${key}"},`);

it.each([
  [[], '', '{"flags":[]}'],
  [['a'], '', '{"flags":[{"key":"a"}]}'],
  [['a', '東京', 'c'], '', '{"flags":[{"key":"a"},{"key":"東京"},{"key":"c"}]}'],
  [[], ',"metadata":{}', '{"flags":[],"metadata":{}}'],
  [['a', 'b'], ',"metadata":{"名":1}', '{"flags":[{"key":"a"},{"key":"b"}],"metadata":{"名":1}}'],
])('of %j with %j', (keys, members, expected) => {
  expect(bulkBody(keys.map(flag), members, new BodyMemory()).toString()).toBe(expected);
});

it('of one flag', () => expect(singleBody(flag('a')).toString()).toBe('{"key":"a"}'));
