import type { FormEvent, ReactNode } from 'react';
import { useCallback, useMemo, useState } from 'react';
import { ApiError } from '../api/client';
import { useSession } from '../api/session';
import { useAction } from '../api/use-action';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { Card } from '../ui/page';
import { ProblemNote } from '../ui/problem';
import { useDraft } from '../ui/use-draft';
import type { Policy } from './expiry';
import { endOf, expiryIn, problemOf, textOf, usualExpiry } from './expiry';
import { ExpiryField } from './expiry-field';
import { networksIn } from './networks';
import { PolicyNote } from './policy-note';
import { ScopePresets } from './scope-presets';
import { ScopeSummary } from './scope-summary';
import { ScopeTable } from './scope-table';
import type { Choice } from './scopes';
import { choiceOf, isSame, mostOf, mostOfEvery, NOTHING, scopesOf, within } from './scopes';
import type { Minted } from './token-queries';
import { mint } from './token-queries';
import './new-token-form.css';

interface NewTokenFormProps {
  readonly account: string;
  readonly policy: Policy;
  /** By the address. */
  readonly prefilled: { readonly name: string; readonly scopes: string };
  readonly refusal?: string;
  readonly onMinted: (minted: Minted) => void;
  readonly onCancel: () => void;
}

export function NewTokenForm({
  account,
  policy,
  prefilled,
  refusal,
  onMinted,
  onCancel,
}: NewTokenFormProps): ReactNode {
  const { t } = useI18n();
  const { expandedScopes: held } = useSession();
  const asked = useMemo(() => choiceOf(prefilled.scopes.split(/[\s,]+/).filter(Boolean)), [prefilled.scopes]);
  const allowed = useMemo(() => within(asked.choice, held), [asked, held]);
  const {
    values: draft,
    change,
    forget,
  } = useDraft(`new-token:${account}:${prefilled.name}:${prefilled.scopes}`, {
    name: prefilled.name,
    expiry: textOf(usualExpiry(policy)),
    networks: (policy.requiredCidrs ?? []).join('\n'),
    scopes: scopesOf(allowed).join(),
  });
  const { name, networks } = draft;
  const expiry = expiryIn(draft.expiry);
  const choice = within(choiceOf(draft.scopes.split(',')).choice, held);
  const setChoice = (chosen: Choice): void => change({ scopes: scopesOf(chosen).join() });
  const [isTried, setTried] = useState(false);
  const scopes = scopesOf(choice);
  const isCut = !isSame(asked.choice, allowed);
  const { run, isPending, error } = useAction(
    useCallback((input: Parameters<typeof mint>[1]) => mint(account, input), [account]),
    useCallback(
      (minted: Minted) => {
        forget();
        onMinted(minted);
      },
      [forget, onMinted],
    ),
  );
  const expiryProblem = problemOf(expiry, policy);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (refusal || !name.trim() || scopes.length === 0 || expiryProblem) return;
    const allowedCidrs = networksIn(networks);
    void run({
      name: name.trim(),
      scopes: [...scopes],
      ...(expiry.kind !== 'never' && { expiresAt: endOf(expiry, policy)?.toISOString() }),
      ...(allowedCidrs.length > 0 && { allowedCidrs }),
    });
  };
  const refusedAt = (field: string): string | undefined => wrongWith(error, field);
  const nameTaken = error instanceof ApiError && error.code === 'CreateToken.NameTaken' ? error.message : undefined;
  const shown = {
    name: nameTaken ?? refusedAt('name'),
    networks: refusedAt('allowedCidrs'),
    expiry: refusedAt('expiresAt'),
  };
  const isElsewhere = Boolean(error) && !Object.values(shown).some(Boolean);
  return (
    <form className="new-token" onSubmit={submit} noValidate>
      <div className="stack">
        <Card title={t('newToken.details')}>
          <div className="stack">
            <Field
              label={t('newToken.name')}
              help={t('newToken.name.help')}
              placeholder={t('newToken.name.example')}
              value={name}
              onChange={(text) => change({ name: text })}
              maxLength={255}
              isRequired
              autoFocus
              problem={isTried && !name.trim() ? t('newToken.name.missing') : shown.name}
            />
            <ExpiryField
              expiry={expiry}
              policy={policy}
              onChange={(chosen) => change({ expiry: textOf(chosen) })}
              problem={isTried && expiryProblem ? t(`newToken.expiry.${expiryProblem}`) : shown.expiry}
            />
            <Field
              label={t('newToken.networks')}
              help={t('newToken.networks.help')}
              placeholder={'203.0.113.0/24\n2001:db8::/32'}
              value={networks}
              onChange={(text) => change({ networks: text })}
              lines={2}
              mono
              isRequired={policy.requiredCidrs !== undefined}
              problem={shown.networks}
            />
            <PolicyNote policy={policy} />
          </div>
        </Card>
        <Card title={t('newToken.access')}>
          <div className="stack">
            {(asked.unknown.length > 0 || isCut) && (
              <p className="new-token-note small" role="status">
                {asked.unknown.length > 0 && t('newToken.unknown', { scopes: asked.unknown.join(', ').slice(0, 300) })}{' '}
                {isCut && t('newToken.cut')}
              </p>
            )}
            <ScopePresets choice={choice} held={held} onChange={setChoice} />
            <ScopeTable
              choice={choice}
              onChange={setChoice}
              most={(module) => (module === '*' ? mostOfEvery(held) : mostOf(held, module))}
              refusal={t('scopes.notHeld')}
            />
          </div>
        </Card>
      </div>
      <div className="new-token-side">
        <Card
          title={t('scopes.title')}
          actions={
            scopes.length > 0 && (
              <Button small kind="quiet" onPress={() => setChoice(NOTHING)}>
                {t('action.clear')}
              </Button>
            )
          }
        >
          <div className="stack">
            <div aria-live="polite">
              <ScopeSummary scopes={scopes} />
            </div>
            {isTried && scopes.length === 0 && (
              <p className="field-error small" role="alert">
                {t('scopes.missing')}
              </p>
            )}
            {isElsewhere && <ProblemNote error={error} />}
            <div className="row">
              <Button kind="primary" type="submit" disabledBecause={refusal} isPending={isPending}>
                {t('newToken.submit')}
              </Button>
              <Button
                kind="quiet"
                onPress={() => {
                  forget();
                  onCancel();
                }}
              >
                {t('action.cancel')}
              </Button>
            </div>
          </div>
        </Card>
      </div>
    </form>
  );
}

/** What the API says is wrong with one of the fields, or with something inside it. */
function wrongWith(error: unknown, field: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const found = error.errors.filter(
    ({ location }) => location === `body.${field}` || location.startsWith(`body.${field}[`),
  );
  return found.length > 0 ? found.map(({ message }) => message).join(' ') : undefined;
}
