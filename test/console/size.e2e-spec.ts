import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { project } from '../support/embedded-process.js';

/** What a browser may have to fetch before it can show anything, in bytes as they are sent. */
const MOST = 150_000;

const dist = join(project, 'console', 'dist');
const sizeOf = (path: string): number => statSync(join(dist, `${path}.br`)).size;

/** What the page itself asks for, and the parts that these cannot do without. */
function firstLoad(): Set<string> {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const files = new Set<string>();
  const add = (path: string): void => {
    if (files.has(path)) return;
    files.add(path);
    if (!path.endsWith('.js')) return;
    const script = readFileSync(join(dist, path), 'utf8');
    for (const [, name] of script.matchAll(/(?:\bfrom|\bimport)\s*["'`]\.\/([\w.-]+\.js)["'`]/g)) add(`assets/${name}`);
  };
  for (const [, path] of page.matchAll(/(?:src|href)="\/([\w./-]+\.(?:js|css))"/g)) add(path!);
  return files;
}

describe('the first load', () => {
  it('takes 150 kB at the most, its style sheets and the page included', () => {
    const files = [...firstLoad()];
    expect(files.some((path) => path.endsWith('.js') && path.startsWith('assets/'))).toBe(true);
    const total = files.reduce((sum, path) => sum + sizeOf(path), sizeOf('index.html'));
    expect(total).toBeLessThanOrEqual(MOST);
  });

  it('is React as it is for people, and not for who works on it', () => {
    for (const path of firstLoad())
      expect([path, readFileSync(join(dist, path), 'utf8').includes('Download the React DevTools')]).toEqual([
        path,
        false,
      ]);
  });

  it('has neither the editor nor the chart in it', () => {
    for (const path of firstLoad()) {
      const text = readFileSync(join(dist, path), 'utf8');
      for (const trace of ['cm-editor', 'recharts-']) expect([path, text.includes(trace)]).toEqual([path, false]);
    }
  });
});
