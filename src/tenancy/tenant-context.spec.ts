import { setImmediate, setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import {
  currentOrganizationId,
  enterOrganization,
  holdContexts,
  runAsOrganization,
  runInNewContext,
} from './tenant-context.js';

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

  describe('in what nobody waits for', () => {
    /** The context of what a piece of work leaves behind, a while after the work. */
    const leftover = async (work: () => Promise<void> | void = () => undefined): Promise<string | undefined> => {
      let found: Promise<string | undefined>;
      const begin = (): Promise<void> | void => {
        found = setTimeout(5).then(currentOrganizationId);
        return work();
      };
      await (async () => runAsOrganization('a', begin))().catch(() => undefined);
      return found!;
    };

    it('is there while it is held, and then no more', async () => {
      const release = holdContexts();
      expect(await leftover()).toBe('a');
      const late = leftover(() => setTimeout(10));
      release();
      release();
      expect(await late).toBe('a');
    });

    it('is there while anything else is under way', async () => {
      const [, found] = await Promise.all([runInNewContext(() => setTimeout(20)), leftover()]);
      expect(found).toBe('a');
    });

    it('is gone when all is done, whether it succeeded or not', async () => {
      const failing = (): void => {
        throw new Error('no');
      };
      const rejecting = (): Promise<void> => Promise.reject(new Error('no'));
      for (const work of [() => undefined, () => setTimeout(1), failing, rejecting]) {
        expect(await leftover(work)).toBe(HAS_HOOKS ? undefined : 'a');
      }
    });
  });
});

/** From Node 24 on contexts are handed on without hooks, at no cost, and stay with what was begun in them. */
const HAS_HOOKS = Number.parseInt(process.versions.node) < 24;
