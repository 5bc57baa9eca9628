import { useBlocker } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';

interface LeaveGuardProps {
  readonly isDirty: boolean;
  /** Addresses that are no leaving. */
  readonly within: string;
  readonly onDiscard: () => void;
}

/** Asks before what is not saved is left. The tab keeps it either way, unless it is to be dropped. */
export function LeaveGuard({ isDirty, within, onDiscard }: LeaveGuardProps): ReactNode {
  const { t } = useI18n();
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ next: { pathname } }) => isDirty && pathname !== within && !pathname.startsWith(`${within}/`),
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  });
  if (status !== 'blocked') return null;
  return (
    <Dialog title={t('flags.leave')} onClose={reset}>
      <p>{t('flags.leave.text')}</p>
      <DialogActions>
        <Button
          kind="danger"
          onPress={() => {
            onDiscard();
            proceed();
          }}
        >
          {t('flags.leave.discard')}
        </Button>
        <Button onPress={proceed}>{t('flags.leave.keep')}</Button>
        <Button autoFocus kind="primary" onPress={reset}>
          {t('flags.leave.stay')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
