import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRefusal } from '../api/use-refusal';
import { useI18n } from '../i18n/i18n';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { isolated, Name, visibleName } from '../ui/name';
import { Time } from '../ui/time';
import { ScopeBadges } from './scope-badges';
import { addressOfHolder, isHeld } from './token-holder';
import type { HeldToken, Token } from './token-queries';
import './token-row.css';

const STATE_KINDS = { active: 'good', expired: 'plain', revoked: 'bad' } as const;
const FLAG_KINDS = { expiring: 'warn', idle: 'warn', unused: 'plain', violating: 'bad', replaced: 'plain' } as const;

/** All there is to know of a token but its value, and what can be done to it. */
export function TokenRow({ token, account }: { token: Token | HeldToken; account?: string }): ReactNode {
  const { t } = useI18n();
  const holder = account ?? addressOfHolder(token);
  return (
    <li className={`token token-${token.state}`}>
      <div className="token-head">
        <div className="token-name">
          <div className="row">
            <h2>
              <Name text={token.name} instead={token.slug} />
            </h2>
            <Badge kind={STATE_KINDS[token.state]}>{t(`tokens.state.${token.state}`)}</Badge>
            {token.flags.map((flag) => (
              <Badge key={flag} kind={FLAG_KINDS[flag]}>
                {t(`tokens.state.${flag}`)}
              </Badge>
            ))}
          </div>
          <p className="soft small">
            {account === undefined && <Holder token={token} />}
            <span className="mono" data-tip={t('tokens.lastFour')}>
              …{token.lastFour}
            </span>
          </p>
        </div>
        {token.state === 'active' && holder && (
          <Actions token={token} account={holder} isAmongAll={account === undefined} />
        )}
      </div>
      <ScopeBadges scopes={token.scopes ?? []} />
      <Facts token={token} />
    </li>
  );
}

function Holder({ token }: { token: Token | HeldToken }): ReactNode {
  const { t } = useI18n();
  const account = addressOfHolder(token);
  if (!isHeld(token)) return null;
  if (!account) return <>{t('tokens.holderDeleted', { name: isolated(token.serviceAccountName) })} · </>;
  return (
    <>
      <Link to="/integrations/service-accounts/$account" params={{ account }}>
        <Name text={token.serviceAccountName} instead={token.serviceAccountSlug} />
      </Link>
      {' · '}
    </>
  );
}

interface ActionsProps {
  readonly token: Token;
  readonly account: string;
  /** Its dialogs lie over the page that one comes from. */
  readonly isAmongAll: boolean;
}

function Actions({ token, account, isAmongAll }: ActionsProps): ReactNode {
  const { t } = useI18n();
  const navigate = useNavigate();
  const refusal = useRefusal('write:tokens');
  const replaced = token.flags.includes('replaced') ? t('rotate.replaced') : undefined;
  const name = visibleName(token.name, token.slug);
  const open = (to: 'rotate' | 'revoke'): void => {
    const params = { account, token: token.slug };
    void navigate({
      to: isAmongAll
        ? `/integrations/tokens/$account/$token/${to}`
        : `/integrations/service-accounts/$account/tokens/$token/${to}`,
      params,
      search: (now) => now,
      resetScroll: false,
    });
  };
  return (
    <div className="token-actions">
      <Button
        small
        aria-label={t('rotate.of', { name })}
        disabledBecause={refusal ?? replaced}
        onPress={() => open('rotate')}
      >
        {t('rotate.action')}
      </Button>
      <Button
        small
        kind="danger"
        aria-label={t('revoke.of', { name })}
        disabledBecause={refusal}
        onPress={() => open('revoke')}
      >
        {t('revoke.action')}
      </Button>
    </div>
  );
}

function Facts({ token }: { token: Token }): ReactNode {
  const { t } = useI18n();
  const { createdBy, createdAt, expiresAt, lastUsedAt, lastUsedFrom, allowedCidrs, revokedAt, revokedBy, violates } =
    token;
  const { replaces, replacedBy } = token;
  return (
    <dl className="token-facts small">
      <Fact label={t('field.created')}>
        <Time at={createdAt} /> <By user={createdBy} />
      </Fact>
      {revokedAt ? (
        <Fact label={t('tokens.revoked')}>
          <Time at={revokedAt} /> {revokedBy && <By user={revokedBy} />}
        </Fact>
      ) : (
        <Fact label={t(token.state === 'expired' ? 'tokens.expired' : 'tokens.expires')}>
          <Time at={expiresAt} />
          {expiresAt && (
            <span className="soft">
              {' · '}
              <Time at={expiresAt} exact />
            </span>
          )}
        </Fact>
      )}
      <Fact label={t('accounts.lastUsed')}>
        <Time at={lastUsedAt} />
        {lastUsedFrom && <span className="soft"> {t('tokens.from', { address: lastUsedFrom })}</span>}
      </Fact>
      {allowedCidrs && <Fact label={t('tokens.networks')}>{allowedCidrs.join(', ')}</Fact>}
      {replacedBy && (
        <Fact label={t('tokens.replacedBy')}>
          <span className="mono">{replacedBy.slug}</span>
        </Fact>
      )}
      {replaces && (
        <Fact label={t('tokens.replaces')}>
          <span className="mono">{replaces.slug}</span>
        </Fact>
      )}
      {violates && (
        <Fact label={t('tokens.state.violating')}>{violates.map((rule) => t(`violates.${rule}`)).join(' · ')}</Fact>
      )}
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }): ReactNode {
  return (
    <div>
      <dt className="soft">{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function By({ user }: { user: { readonly id: string; readonly name?: string } }): ReactNode {
  const { t } = useI18n();
  return <span className="soft">{t('tokens.by', { name: isolated(user.name ?? user.id) })}</span>;
}
