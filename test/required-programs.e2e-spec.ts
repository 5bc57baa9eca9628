import { expect, it } from '@jest/globals';

it('has every program that KAITEN_TEST_REQUIRE asks for', () => {
  const required = process.env.KAITEN_TEST_REQUIRE?.split(',') ?? [];
  const missing = required.filter((program) => !process.env[`KAITEN_TEST_${program.toUpperCase()}`]);
  expect(missing).toEqual([]);
});
