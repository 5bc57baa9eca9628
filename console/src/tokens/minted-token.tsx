import { useBlocker } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import { useSession } from '../api/session';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { copyText } from '../ui/copy-button';
import { Dialog, DialogActions } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { Time } from '../ui/time';
import { ScopeBadges } from './scope-badges';
import type { GrantedScope } from './scopes';
import type { Secret } from './secret';
import type { Minted } from './token-queries';
import './minted-token.css';

interface MintedTokenProps {
  readonly minted: Minted;
  readonly onDone: () => void;
}

/** A token's value, this once. Whoever leaves without having copied it is asked first. */
export function MintedToken({ minted: { token, secret }, onDone }: MintedTokenProps): ReactNode {
  const { t } = useI18n();
  const { apiUrl } = useSession();
  const [isCopied, setCopied] = useState(false);
  const [isGone, setGone] = useState(false);
  const leaving = useBlocker({
    shouldBlockFn: () => !isCopied && !isGone,
    enableBeforeUnload: () => !isCopied && !isGone,
    withResolver: true,
  });
  useForgotten(secret, () => setGone(true));
  const scopes = (token.scopes ?? []) as GrantedScope[];
  if (isGone) return <p className="soft">{t('minted.gone')}</p>;
  return (
    <div className="stack">
      <p className="minted-warning">
        <Icon name="warning" />
        <span>{t('minted.once')}</span>
      </p>
      <Shown
        label={t('minted.value')}
        copyLabel={t('minted.copy')}
        kind="primary"
        secret={secret}
        onCopied={() => setCopied(true)}
      />
      <Shown
        label={t('minted.curl')}
        copyLabel={t('minted.curl.copy')}
        secret={secret}
        format={(value) => curlOf(apiUrl, value, scopes)}
        onCopied={() => setCopied(true)}
      />
      <dl className="minted-facts">
        <dt>{t('tokens.expires')}</dt>
        <dd>{token.expiresAt ? <Time at={token.expiresAt} exact /> : t('time.never')}</dd>
        {token.allowedCidrs && (
          <>
            <dt>{t('tokens.networks')}</dt>
            <dd>{token.allowedCidrs.join(', ')}</dd>
          </>
        )}
        <dt>{t('scopes.title')}</dt>
        <dd>
          <ScopeBadges scopes={scopes} />
        </dd>
      </dl>
      <DialogActions>
        <Button kind={isCopied ? 'primary' : 'plain'} onPress={onDone}>
          {t('action.done')}
        </Button>
      </DialogActions>
      {leaving.status === 'blocked' && (
        <Dialog title={t('minted.leave.title')} onClose={leaving.reset}>
          <p>{t('minted.leave.text')}</p>
          <DialogActions>
            <Button kind="danger" onPress={leaving.proceed}>
              {t('minted.leave')}
            </Button>
            <Button kind="primary" autoFocus onPress={leaving.reset}>
              {t('minted.stay')}
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </div>
  );
}

interface ShownProps {
  readonly label: string;
  readonly copyLabel: string;
  readonly kind?: 'primary';
  readonly secret: Secret;
  readonly format?: (value: string) => string;
  readonly onCopied: () => void;
}

/** The value is put into the element by hand, so that React keeps none in what it remembers of earlier renders. */
function Shown({ label, copyLabel, kind, secret, format = (value) => value, onCopied }: ShownProps): ReactNode {
  const { t } = useI18n();
  const text = useRef<HTMLPreElement>(null);
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  useEffect(() => {
    const element = text.current;
    if (element) element.textContent = format(secret.value);
    return () => element?.replaceChildren();
  });
  const onPress = async (): Promise<void> => {
    const isDone = await copyText(format(secret.value));
    setOutcome(isDone ? 'copied' : 'failed');
    // A browser that does not let pages copy leaves it to the reader, with all of it selected.
    if (!isDone && text.current) getSelection()?.selectAllChildren(text.current);
    if (isDone) onCopied();
  };
  return (
    <div className="shown">
      <span className="label">{label}</span>
      <div className="shown-box">
        <pre ref={text} className="mono" tabIndex={0} aria-label={label} onCopy={onCopied} />
        <Button kind={kind ?? 'plain'} small onPress={() => void onPress()}>
          <Icon name={outcome === 'copied' ? 'check' : 'copy'} size={16} />
          {outcome === 'copied' ? t('action.copied') : copyLabel}
        </Button>
      </div>
      <p className="small soft" role="status">
        {outcome === 'copied' && <span className="visually-hidden">{t('action.copied')}</span>}
        {outcome === 'failed' && t('minted.copy.failed')}
      </p>
    </div>
  );
}

/** Forgets the value when the page is left in any way, also into the browser's cache of pages. */
function useForgotten(secret: Secret, onGone: () => void): void {
  const gone = useRef(onGone);
  gone.current = onGone;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    // Strict mode takes effects back once and makes them again.
    clearTimeout(timer.current);
    const forget = (): void => {
      secret.forget();
      gone.current();
    };
    addEventListener('pagehide', forget);
    return () => {
      removeEventListener('pagehide', forget);
      timer.current = setTimeout(() => secret.forget());
    };
  }, [secret]);
}

/** A first call that this token may make. */
function curlOf(apiUrl: string, value: string, scopes: readonly GrantedScope[]): string {
  const readers: readonly GrantedScope[] = ['read:customers', 'write:customers', 'read:*', 'write:*'];
  const path = scopes.some((scope) => readers.includes(scope)) ? '/customers' : '/me';
  return `curl ${apiUrl}${path} \\\n  -H 'Authorization: Bearer ${value}'`;
}
