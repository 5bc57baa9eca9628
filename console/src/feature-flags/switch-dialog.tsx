import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useRefusal } from '../api/use-refusal';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { isolated, Name } from '../ui/name';
import { ProblemNote } from '../ui/problem';
import { showToast } from '../ui/toast';
import { useClosing } from '../ui/use-closing';
import { strategyWords } from './flag-words';
import { flagQuery, inputOf, isChangedMeanwhile, readAgain, replaceFlag } from './flags-api';
import { LastHour } from './last-hour';

/**
 * Over the list and over the flag's page: asks whether to switch, and says whom it concerns. Nothing but the switch is changed, whoever
 * else changes the flag meanwhile.
 */
export function SwitchDialog(): ReactNode {
  const { t, language } = useI18n();
  const queries = useQueryClient();
  const close = useClosing();
  const { flag: reference } = useParams({ strict: false }) as { flag: string };
  const refusal = useRefusal('write:feature_flags');
  const { data } = useSuspenseQuery(flagQuery(reference));
  const { flag } = data;
  // What is asked stays what it was when the dialog opened, even when somebody else is faster.
  const [turnsOn] = useState(!flag.enabled);
  const isDone = flag.enabled === turnsOn;
  const name = isolated(flag.name, flag.slug);
  const turn = useMutation({
    mutationFn: () => replaceFlag(flag.id, { ...inputOf(flag), enabled: turnsOn }, data.etag),
    onError: (error) => {
      if (isChangedMeanwhile(error)) void readAgain(queries, reference);
    },
    onSuccess: async () => {
      await readAgain(queries, reference);
      void queries.invalidateQueries({ queryKey: ['flags', 'list'] });
      close();
      showToast({ text: t(turnsOn ? 'flags.switch.isOn' : 'flags.switch.isOff', { name }) });
    },
  });
  const isChanged = isChangedMeanwhile(turn.error);
  const given = strategyWords(t, language, flag.default_variant, flag.variants ?? []);
  return (
    <Dialog title={t(turnsOn ? 'flags.switch.on' : 'flags.switch.off')} onClose={close}>
      <p>
        <strong>
          <Name text={flag.name} instead={flag.slug} />
        </strong>{' '}
        <span className="mono soft">{flag.slug}</span>
      </p>
      <p>
        {turnsOn
          ? t('flags.switch.on.text', { count: flag.targetings?.length ?? 0, default: given })
          : t('flags.switch.off.text', { default: given })}
      </p>
      <LastHour reference={reference} />
      {isChanged && (
        <div className="problem" role="alert">
          <div>
            <strong>{t('form.changed', { name: isolated(flag.updatedBy.name) })}</strong>
            <p>{t(isDone ? 'flags.switch.done' : 'flags.switch.changed')}</p>
          </div>
        </div>
      )}
      {turn.error && !isChanged && <ProblemNote error={turn.error} />}
      <DialogActions>
        <Button autoFocus onPress={close}>
          {t(isDone ? 'action.close' : 'action.cancel')}
        </Button>
        {!(isChanged && isDone) && (
          <Button
            kind={turnsOn ? 'primary' : 'danger'}
            disabledBecause={refusal}
            isPending={turn.isPending}
            onPress={() => turn.mutate()}
          >
            {t(turnsOn ? 'flags.switch.on' : 'flags.switch.off')}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
