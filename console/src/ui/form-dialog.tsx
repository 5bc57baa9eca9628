import type { FormEvent, ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { ApiError } from '../api/client';
import { useI18n } from '../i18n/i18n';
import { Button } from './button';
import { Dialog, DialogActions } from './dialog';
import { ProblemNote } from './problem';
import './form-dialog.css';

interface FormDialogProps {
  readonly title: string;
  readonly text?: ReactNode;
  readonly submit: string;
  readonly isPending: boolean;
  /** What is wrong that no field shows. */
  readonly error: unknown;
  /** Changes with each refusal, to bring the first field with a problem into focus. */
  readonly attempt: unknown;
  /** What to do in place of an ordinary answer to `error`. */
  readonly note?: ReactNode;
  readonly wide?: boolean;
  readonly onClose: () => void;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

/** A dialog with a form. What is refused stays in it. */
export function FormDialog({
  title,
  text,
  submit,
  isPending,
  error,
  attempt,
  note,
  wide,
  onClose,
  onSubmit,
  children,
}: FormDialogProps): ReactNode {
  const { t } = useI18n();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (attempt) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempt]);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (!isPending) onSubmit();
  };
  return (
    <Dialog title={title} onClose={onClose} wide={wide}>
      <form ref={form} noValidate onSubmit={send} className="form">
        {text && <p className="soft">{text}</p>}
        {children}
        {note ?? (error ? <FormProblem error={error} /> : null)}
        <DialogActions>
          <Button onPress={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" kind="primary" isPending={isPending}>
            {submit}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function FormProblem({ error }: { error: unknown }): ReactNode {
  const { t } = useI18n();
  if (!(error instanceof ApiError && error.isSignedOut)) return <ProblemNote error={error} />;
  return (
    <div className="problem" role="alert">
      <p>{t('form.ended')}</p>
    </div>
  );
}
