import type { ReactNode } from 'react';
import { useState } from 'react';
import { useSearchParameters } from '../app/use-search';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { isolated, visibleName } from '../ui/name';
import type { TargetingDraft } from './flag-draft';
import { anyStrategy, newKey } from './flag-draft';
import { At, focusPlace } from './place';
import { TargetingFields } from './targeting-fields';
import { TargetingList } from './targeting-list';
import type { FlagForm } from './use-flag-form';

const MOST = 200;

/** Who gets something else than the default: in order, and one of them open. The address says which, by its position. */
export function TargetingsFields({ form }: { form: FlagForm }): ReactNode {
  const { t } = useI18n();
  const [{ at }, setSearch] = useSearchParameters();
  const [said, say] = useState('');
  const { draft, change, problemAt, refusal } = form;
  const { targetings } = draft;
  const index = Math.min(Math.max((Math.trunc(Number(at)) || 1) - 1, 0), targetings.length - 1);
  const open = targetings[index];
  const show = (position: number): void => setSearch({ at: position > 0 ? String(position + 1) : undefined });
  const arrange = (next: readonly TargetingDraft[], moved: string): void => {
    change((now) => ({ ...now, targetings: next }));
    const to = next.findIndex(({ key }) => key === moved);
    if (open) show(next.findIndex(({ key }) => key === open.key));
    say(t('flags.targetings.moved', { name: isolated(next[to]!.name), position: to + 1, count: next.length }));
  };
  const add = (): void => {
    const made = { key: newKey(), name: '', rule: '', strategy: anyStrategy(draft.variants) };
    change((now) => ({ ...now, targetings: [...now.targetings, made] }));
    show(targetings.length);
    focusPlace(`targetings/${made.key}/name`);
  };
  const remove = (gone: TargetingDraft): void => {
    const next = targetings.filter(({ key }) => key !== gone.key);
    change((now) => ({ ...now, targetings: next }));
    show(Math.max(0, Math.min(index, next.length - 1)));
    say(t('flags.targetings.removed', { name: isolated(gone.name) }));
  };
  const most = targetings.length >= MOST ? t('flags.targetings.most', { max: MOST }) : undefined;
  return (
    <At place="targetings">
      <div className="stack">
        <p className="soft small">{t(targetings.length === 0 ? 'flags.targetings.none' : 'flags.targetings.order')}</p>
        {open && (
          <div className="flag-targetings">
            <TargetingList
              form={form}
              open={open.key}
              onOpen={(key) => show(targetings.findIndex((targeting) => targeting.key === key))}
              onArrange={arrange}
              onRemove={remove}
            />
            <section
              key={open.key}
              className="flag-targeting"
              aria-label={t('flags.targeting.legend', { name: visibleName(open.name, String(index + 1)) })}
            >
              <TargetingFields form={form} targeting={open} />
            </section>
          </div>
        )}
        {problemAt('targetings') && <p className="field-error small">{problemAt('targetings')}</p>}
        <div className="row">
          <Button small disabledBecause={refusal ?? most} onPress={add}>
            <Icon name="plus" size={16} />
            {t('flags.targetings.add')}
          </Button>
        </div>
        <span className="visually-hidden" role="status">
          {said}
        </span>
      </div>
    </At>
  );
}
