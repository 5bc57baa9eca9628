import { useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSession } from '../api/session';
import type { Search } from '../app/search';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { apiCallOf, curlOf } from './api-path';
import { Command } from './command';

export function ApiHelp({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useI18n();
  const { apiUrl } = useSession();
  const { pathname, search } = useRouterState({ select: ({ location }) => location });
  return (
    <Dialog title={t('help.asApi.title')} onClose={onClose}>
      <p>{t('help.asApi.text')}</p>
      <Command text={curlOf(apiCallOf(pathname, search as Search), apiUrl)} label={t('help.asApi.copy')} />
      <DialogActions>
        <a className="button button-quiet" href="/api/docs" target="_blank" rel="noreferrer">
          {t('help.asApi.docs')}
        </a>
        <Button onPress={onClose}>{t('action.close')}</Button>
      </DialogActions>
    </Dialog>
  );
}
