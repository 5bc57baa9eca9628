import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPrivate, partialPath, readPrivate, removeAbandonedPartials, writePrivate } from './files.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kaiten-files-'));
});

afterEach(() => rm(directory, { recursive: true }));

describe('private files', () => {
  it('are readable by their owner only, and replaced as a whole', async () => {
    const path = join(directory, 'a.json');
    await writePrivate(path, { a: 1 });
    await writePrivate(path, { a: 2 });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readPrivate(path)).toEqual({ a: 2 });
    expect(await readdir(directory)).toEqual(['a.json']);
  });

  it('are created by one of many', async () => {
    const path = join(directory, 'a.json');
    const results = await Promise.all([1, 2, 3, 4].map((writer) => createPrivate(path, { writer })));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await readPrivate(path)).toEqual({ writer: results.indexOf(true) + 1 });
    expect(await readdir(directory)).toEqual(['a.json']);
  });

  it('are undefined when absent, and never quoted when broken', async () => {
    const path = join(directory, 'a.json');
    expect(await readPrivate(path)).toBeUndefined();
    await writeFile(path, '{"password":"hunter2"');
    await expect(readPrivate(path)).rejects.toThrow(/not valid JSON/);
    await expect(readPrivate(path)).rejects.not.toThrow(/hunter2/);
  });
});

describe('removeAbandonedPartials', () => {
  it('removes what dead processes left, an earlier process of the same id included, and nothing else', async () => {
    const deadPid = 2 ** 22 + 1; // Above what Linux and macOS give out.
    const abandoned = [`partial-${deadPid}-00000000`, `partial-${process.pid}-00000000`];
    const kept = [`partial-${process.ppid}-00000000`, 'partial', '18-00000000'];
    for (const name of [...abandoned, ...kept]) await mkdir(join(directory, name));
    const own = partialPath(directory);
    await mkdir(own);
    await removeAbandonedPartials(directory);
    expect((await readdir(directory)).map((name) => join(directory, name)).sort()).toEqual(
      [own, ...kept.map((name) => join(directory, name))].sort(),
    );
  });
});
