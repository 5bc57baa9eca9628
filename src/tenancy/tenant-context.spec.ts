import { setImmediate, setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { currentOrganizationId, enterOrganization, runAsOrganization, runInNewContext } from './tenant-context.js';

describe('the tenant context', () => {
  it('is none outside of any', () => {
    expect(currentOrganizationId()).toBeUndefined();
    expect(() => enterOrganization('a')).toThrow('no context');
  });

  it('is empty when new, and one organization’s once entered, for good', () => {
    runInNewContext(() => {
      expect(currentOrganizationId()).toBeUndefined();
      enterOrganization('a');
      enterOrganization('a');
      expect(currentOrganizationId()).toBe('a');
      expect(() => enterOrganization('b')).toThrow('another organization');
      expect(currentOrganizationId()).toBe('a');
    });
    expect(currentOrganizationId()).toBeUndefined();
  });

  it('cannot be entered as another where it was made for one', () => {
    runAsOrganization('a', () => expect(() => enterOrganization('b')).toThrow('another organization'));
  });

  it('is entered for what waits in it as well, since a guard cannot wrap the handler', async () => {
    await runInNewContext(async () => {
      const later = setImmediate().then(() => currentOrganizationId());
      enterOrganization('a');
      expect(await later).toBe('a');
    });
  });

  it('nests: the inner one ends where it ends, a new one knows nothing of the outer', async () => {
    await runAsOrganization('a', async () => {
      expect(await runAsOrganization('b', async () => (await setImmediate(), currentOrganizationId()))).toBe('b');
      expect(runInNewContext(currentOrganizationId)).toBeUndefined();
      expect(currentOrganizationId()).toBe('a');
    });
  });

  it('stays with its own work, however many take turns', async () => {
    const turns = Array.from({ length: 50 }, (_, i) =>
      runInNewContext(async () => {
        await setTimeout(i % 5);
        enterOrganization(`organization ${i}`);
        for (let turn = 0; turn < 5; turn++) {
          await setTimeout((i * turn) % 3);
          expect(currentOrganizationId()).toBe(`organization ${i}`);
        }
      }),
    );
    await Promise.all(turns);
  });
});
