import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ComponentType, ReactNode } from 'react';
import { useCallback, useState } from 'react';
import { ApiError } from '../api/client';
import { useAction } from '../api/use-action';
import { useRefusal } from '../api/use-refusal';
import { useI18n } from '../i18n/i18n';
import { Refused } from '../service-accounts/account-dialogs';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { isolated } from '../ui/name';
import { ProblemNote } from '../ui/problem';
import { Time } from '../ui/time';
import { showToast } from '../ui/toast';
import { useClosing } from '../ui/use-closing';
import { useDraft } from '../ui/use-draft';
import { MintedToken } from './minted-token';
import type { Minted, Token } from './token-queries';
import { revoke, rotate, tokenQuery } from './token-queries';
import './token-dialogs.css';

const HOUR = 3_600;
const GRACES = { now: 0, hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR } as const;
type Grace = keyof typeof GRACES;

export const RotateTokenDialog = (): ReactNode => <Opened of={Rotate} />;

export const RevokeTokenDialog = (): ReactNode => <Opened of={Revoke} />;

interface OpenedProps {
  /** How the address names it. */
  readonly account: string;
  readonly token: Token;
  readonly close: () => void;
}

function Rotate({ account, token, close }: OpenedProps): ReactNode {
  const { t } = useI18n();
  const refusal = useRefusal('write:tokens');
  const { values, change, forget } = useDraft<{ grace: Grace }>(`rotate:${token.id}`, { grace: 'day' });
  const grace = Object.hasOwn(GRACES, values.grace) ? values.grace : 'day';
  const [minted, setMinted] = useState<Minted>();
  const { run, isPending, error } = useAction(
    useCallback(() => rotate(account, token.id, GRACES[grace]), [account, token.id, grace]),
    setMinted,
  );
  const name = isolated(token.name, token.slug);
  const done = (): void => {
    forget();
    close();
  };
  if (minted) {
    return (
      <Dialog title={t('minted.title', { name })} onClose={done} wide>
        <p>{t(`rotate.done.${grace}`)}</p>
        <MintedToken minted={minted} onDone={done} />
      </Dialog>
    );
  }
  const title = t('rotate.title', { name });
  const dead = token.state !== 'active' ? t('rotate.dead') : undefined;
  const replaced = token.flags.includes('replaced') ? t('rotate.replaced') : undefined;
  const reason = refusal ?? dead ?? replaced;
  if (reason) return <Refused title={title} refusal={reason} onClose={close} />;
  return (
    <Dialog title={title} onClose={close} isKept>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <p>{t('rotate.text')}</p>
        <fieldset className="graces">
          <legend className="label">{t('rotate.grace')}</legend>
          {(Object.keys(GRACES) as Grace[]).map((each) => (
            <label key={each} className="grace">
              <input type="radio" name="grace" checked={each === grace} onChange={() => change({ grace: each })} />
              <span>
                {t(`rotate.grace.${each}`)}
                <span className="soft small">{t(`rotate.grace.${each}.help`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {Boolean(error) && <ProblemNote error={error} />}
        <DialogActions>
          <Button onPress={done}>{t('action.cancel')}</Button>
          <Button kind="primary" type="submit" isPending={isPending}>
            {t('rotate.submit')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function Revoke({ account, token, close }: OpenedProps): ReactNode {
  const { t } = useI18n();
  const refusal = useRefusal('write:tokens');
  const name = isolated(token.name, token.slug);
  const { run, isPending, error } = useAction(
    useCallback(() => revoke(account, token.id), [account, token.id]),
    () => {
      showToast({ text: t('revoke.done', { name }) });
      close();
    },
  );
  const title = t('revoke.title', { name });
  const reason = refusal ?? (token.state === 'revoked' ? t('revoke.already') : undefined);
  if (reason) return <Refused title={title} refusal={reason} onClose={close} />;
  return (
    <Dialog title={title} onClose={close}>
      <p>{t('revoke.text')}</p>
      <p>
        {token.lastUsedAt ? (
          <>
            {t('revoke.lastUsed')} <Time at={token.lastUsedAt} />
            {token.lastUsedFrom && <> {t('tokens.from', { address: token.lastUsedFrom })}</>}.
          </>
        ) : (
          t('revoke.unused')
        )}
      </p>
      {Boolean(error) && <ProblemNote error={error} />}
      <DialogActions>
        <Button autoFocus onPress={close}>
          {t('action.cancel')}
        </Button>
        <Button kind="danger" isPending={isPending} onPress={() => void run()}>
          {t('revoke.submit')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** Over the account's page or that of all tokens, a dialog about the token that the address names. */
function Opened({ of: Content }: { of: ComponentType<OpenedProps> }): ReactNode {
  const { t } = useI18n();
  const close = useClosing();
  const { account, token: slug } = useParams({ strict: false }) as { account: string; token: string };
  const { data: token, error, refetch } = useQuery(tokenQuery(account, slug));
  if (token) return <Content account={account} token={token} close={close} />;
  if (!error) return null;
  const isMissing = error instanceof ApiError && error.status === 404;
  if (isMissing)
    return <Refused title={t('error.notFound.title')} refusal={t('error.notFound.text')} onClose={close} />;
  return (
    <Dialog title={t('error.title')} onClose={close}>
      <ProblemNote error={error} onRetry={() => void refetch()} />
      <DialogActions>
        <Button onPress={close}>{t('action.close')}</Button>
      </DialogActions>
    </Dialog>
  );
}
