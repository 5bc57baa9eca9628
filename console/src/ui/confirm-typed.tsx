import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useI18n } from '../i18n/i18n';
import { Button } from './button';
import { Dialog, DialogActions } from './dialog';
import { Field } from './field';
import { ProblemNote } from './problem';

interface ConfirmTypedProps {
  readonly title: string;
  /** What will happen. */
  readonly children: ReactNode;
  /** What has to be typed: a slug, since a name may have what no keyboard has. */
  readonly expected: string;
  /** The button's text. */
  readonly action: string;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

/** A dialog before what cannot be undone. */
export function ConfirmTyped({ title, children, expected, action, onConfirm, onClose }: ConfirmTypedProps): ReactNode {
  const { t } = useI18n();
  const [typed, setTyped] = useState('');
  const confirm = useMutation({ mutationFn: onConfirm });
  const isTyped = typed.trim() === expected;
  return (
    <Dialog title={title} onClose={onClose} isKept>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isTyped && !confirm.isPending) confirm.mutate();
        }}
      >
        <div className="confirm-consequence">{children}</div>
        <Field
          label={t('confirm.type', { expected })}
          value={typed}
          onChange={setTyped}
          autoFocus
          isRequired
          validationBehavior="aria"
          autoComplete="off"
          spellCheck="false"
          mono
        />
        {confirm.error && <ProblemNote error={confirm.error} />}
        <DialogActions>
          <Button onPress={onClose}>{t('action.cancel')}</Button>
          <Button kind="danger" type="submit" isPending={confirm.isPending} isDisabled={!isTyped}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
