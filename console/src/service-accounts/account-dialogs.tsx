import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRefusal } from '../api/use-refusal';
import { useI18n } from '../i18n/i18n';
import { ConfirmTyped } from '../ui/confirm-typed';
import { Dialog, DialogActions } from '../ui/dialog';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { lineProblem } from '../ui/field-problems';
import { FormDialog } from '../ui/form-dialog';
import { isolated } from '../ui/name';
import { showToast } from '../ui/toast';
import { useClosing } from '../ui/use-closing';
import { useDraft } from '../ui/use-draft';
import { useForm } from '../ui/use-form';
import { accountQuery, addressOf, createAccount, deleteAccount, renameAccount } from './account-queries';

const LONGEST_NAME = 255;

export function NewAccountDialog(): ReactNode {
  const { t } = useI18n();
  const navigate = useNavigate();
  return (
    <NameDialog
      place="new-account"
      title={t('accounts.new')}
      text={t('accounts.new.text')}
      submit={t('action.create')}
      name=""
      onSave={createAccount}
      onSaved={(account) =>
        void navigate({
          to: '/integrations/service-accounts/$account',
          params: { account: addressOf(account) },
          replace: true,
        })
      }
      onClose={useClosing()}
    />
  );
}

export function RenameAccountDialog(): ReactNode {
  const { t } = useI18n();
  const { account, toAccount } = useOpened();
  return (
    <NameDialog
      place={`rename-account:${account.id}`}
      title={t('accounts.rename.title')}
      text={t('accounts.rename.text', { slug: account.slug })}
      submit={t('action.save')}
      name={account.name}
      onSave={(name) => renameAccount(account.id, name)}
      onSaved={() => {
        showToast({ text: t('accounts.renamed') });
        toAccount();
      }}
      onClose={toAccount}
    />
  );
}

export function DeleteAccountDialog(): ReactNode {
  const { t } = useI18n();
  const navigate = useNavigate();
  const { account, toAccount } = useOpened();
  const refusal = useRefusal('write:tokens');
  const { active } = account.tokenCounts;
  const name = isolated(account.name, account.slug);
  if (refusal) return <Refused title={t('accounts.delete')} refusal={refusal} onClose={toAccount} />;
  const onConfirm = async (): Promise<void> => {
    await deleteAccount(account.id);
    showToast({ text: t('accounts.deleted', { name }) });
    await navigate({ to: '/integrations/service-accounts', replace: true });
  };
  return (
    <ConfirmTyped
      title={t('accounts.delete.title', { name })}
      expected={account.slug}
      action={t('accounts.delete')}
      onConfirm={onConfirm}
      onClose={toAccount}
    >
      <p>{active === 0 ? t('accounts.delete.none') : t('accounts.delete.text', { count: active })}</p>
    </ConfirmTyped>
  );
}

/** The account of the address, and the way back to its page. */
function useOpened() {
  const { account: address } = useParams({ strict: false }) as { account: string };
  const { data: account } = useSuspenseQuery(accountQuery(address));
  return { account, toAccount: useClosing() };
}

interface NameDialogProps<T> {
  /** Where its draft is kept. */
  readonly place: string;
  readonly title: string;
  readonly text: string;
  readonly submit: string;
  readonly name: string;
  readonly onSave: (name: string) => Promise<T>;
  readonly onSaved: (saved: T) => void;
  readonly onClose: () => void;
}

function NameDialog<T>({
  place,
  title,
  text,
  submit,
  name: first,
  onSave,
  onSaved,
  onClose,
}: NameDialogProps<T>): ReactNode {
  const { t } = useI18n();
  const refusal = useRefusal('write:tokens');
  const draft = useDraft(place, { name: first });
  const name = draft.values.name.trim();
  const form = useForm({
    draft,
    problems: { name: lineProblem(t, name, LONGEST_NAME, true) },
    names: ['name'] as const,
    send: () => onSave(name),
    onSent: (saved) => {
      draft.forget();
      onSaved(saved);
    },
  });
  if (refusal) return <Refused title={title} refusal={refusal} onClose={onClose} />;
  return (
    <FormDialog title={title} text={text} submit={submit} {...form.dialog} onClose={onClose}>
      <Field
        label={t('field.name')}
        placeholder={t('accounts.name.example')}
        value={draft.values.name}
        onChange={(typed) => form.inputs.onChange({ name: typed })}
        problem={form.inputs.problems.name}
        isRequired
        autoFocus
      />
    </FormDialog>
  );
}

/** For whoever comes by an address to what their role may not do. */
export function Refused({
  title,
  refusal,
  onClose,
}: {
  title: string;
  refusal: string;
  onClose: () => void;
}): ReactNode {
  const { t } = useI18n();
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{refusal}</p>
      <DialogActions>
        <Button onPress={onClose}>{t('action.close')}</Button>
      </DialogActions>
    </Dialog>
  );
}
