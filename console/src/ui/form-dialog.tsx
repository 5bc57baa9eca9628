import type { FormEvent, ReactNode } from 'react';
import { Fragment, useEffect, useRef, useState } from 'react';
import { ApiError } from '../api/client';
import { useI18n } from '../i18n/i18n';
import { Button } from './button';
import { Dialog, DialogActions } from './dialog';
import { ProblemNote } from './problem';
import { RestoredNote } from './restored-note';
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
  /** What there is to decide before it can be sent. */
  readonly note?: ReactNode;
  readonly wide?: boolean;
  /** What is in it was typed earlier. */
  readonly isRestored?: boolean;
  /** Of what was typed, when somebody cancels or starts over. Leaving in any other way keeps it. */
  readonly forget?: () => void;
  readonly onClose: () => void;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

/** A dialog with a form. What is refused stays in it; what is typed is lost only by cancelling. */
export function FormDialog(props: FormDialogProps): ReactNode {
  const { title, text, submit, isPending, error, attempt, note, wide, isRestored, forget, onClose, onSubmit } = props;
  const { t } = useI18n();
  const form = useRef<HTMLFormElement>(null);
  const [starts, setStarts] = useState(0);
  useEffect(() => {
    if (attempt) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempt]);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (!isPending) onSubmit();
  };
  const startOver = (): void => {
    forget?.();
    setStarts(starts + 1);
  };
  const cancel = (): void => {
    forget?.();
    onClose();
  };
  return (
    <Dialog title={title} onClose={onClose} wide={wide} isKept>
      <form ref={form} noValidate onSubmit={send} className="form">
        {text && <p className="soft">{text}</p>}
        {isRestored && starts === 0 && <RestoredNote onStartOver={startOver} />}
        <Fragment key={starts}>{props.children}</Fragment>
        {note}
        {error ? <FormProblem error={error} /> : null}
        <DialogActions>
          <Button onPress={cancel}>{t('action.cancel')}</Button>
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
