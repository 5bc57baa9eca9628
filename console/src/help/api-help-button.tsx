import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Suspense } from 'react';
import { lazyPart, loadAhead } from '../app/part';
import type { Search } from '../app/search';
import { useI18n } from '../i18n/i18n';
import { useGoingBack } from '../ui/use-closing';
import './api-help-button.css';

const load = () => import('./api-help');
const ApiHelp = lazyPart(load, 'ApiHelp');

/** Shows the request behind the page that one looks at. Whether it is shown is said by the address. */
export function ApiHelpButton(): ReactNode {
  const { t } = useI18n();
  const { history } = useRouter();
  const navigate = useNavigate();
  const { help } = useSearch({ strict: false }) as Search;
  const show = (shown: 'api' | undefined): void =>
    void navigate({
      to: '.',
      search: ((now: Search) => ({ ...now, help: shown })) as never,
      replace: shown === undefined,
      resetScroll: false,
    });
  const close = useGoingBack(
    () => new URLSearchParams(history.location.search).has('help'),
    () => show(undefined),
  );
  return (
    <>
      <button
        type="button"
        className="api-help-button"
        aria-haspopup="dialog"
        onPointerEnter={() => loadAhead(load)}
        onFocus={() => loadAhead(load)}
        onClick={() => show('api')}
      >
        {t('help.asApi')}
      </button>
      {help === 'api' && (
        <Suspense fallback={null}>
          <ApiHelp onClose={close} />
        </Suspense>
      )}
    </>
  );
}
