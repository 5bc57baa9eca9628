import type { ReactNode } from 'react';
import { lazy, Suspense } from 'react';
import { useSearchParameters } from '../app/use-search';
import { useI18n } from '../i18n/i18n';
import './api-help-button.css';

const load = (): Promise<unknown> => import('./api-help');
const ApiHelp = lazy(async () => ({ default: (await import('./api-help')).ApiHelp }));

/** Shows the request behind the page that one looks at. Whether it is shown is said by the address. */
export function ApiHelpButton(): ReactNode {
  const { t } = useI18n();
  const [{ help }, change] = useSearchParameters();
  return (
    <>
      <button
        type="button"
        className="api-help-button"
        aria-haspopup="dialog"
        onPointerEnter={() => void load()}
        onFocus={() => void load()}
        onClick={() => change({ help: 'api' })}
      >
        {t('help.asApi')}
      </button>
      {help === 'api' && (
        <Suspense fallback={null}>
          <ApiHelp onClose={() => change({ help: undefined })} />
        </Suspense>
      )}
    </>
  );
}
