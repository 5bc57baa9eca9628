import { expect, it } from '@jest/globals';
import { namesTag } from './if-none-match.js';

const TAG = '"pZ1_x-9"';
/** As answers have it. */
const SENT = `W/${TAG}`;

it.each([
  TAG,
  `W/${TAG}`,
  'pZ1_x-9',
  'W/pZ1_x-9',
  `"other", ${TAG}`,
  `"other",W/${TAG} , "third"`,
  `other, pZ1_x-9`,
  '*',
  ' * ',
  `  ${TAG}  `,
])('%s names it', (header) => expect(namesTag(header, SENT)).toBe(true));

it.each([
  undefined,
  '',
  '""',
  '"other"',
  'W/"other"',
  '"pZ1_x-9',
  'pZ1_x',
  '"pZ1_x-9"x',
  'w/"pZ1_x-9"',
  '"*"x',
  ',',
  'W/',
])('%s does not', (header) => expect(namesTag(header, SENT)).toBe(false));
