import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { ApiError } from '../api/client';
import { useAction } from '../api/use-action';
import { checkJson } from '../editors/json-check';
import { JsonEditor } from '../editors/json-editor';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { ProblemNote } from '../ui/problem';
import { ExplainedPath } from './explained-path';
import { flagQuery } from './flags-api';
import type { Explanation } from './insight-api';
import { explainFlag } from './insight-api';
import { SubjectField } from './subject-field';
import { useTriedContext } from './tried-context';
import './try-it.css';

interface Tried {
  readonly explanation: Explanation;
  /** The context that it is of, as it was typed. */
  readonly context: string;
}

/** What a flag is for somebody, and the way to it. */
export function TryIt({ slug }: { slug: string }): ReactNode {
  const { t } = useI18n();
  const [context, setContext] = useTriedContext();
  const [tried, setTried] = useState<Tried>();
  const flag = useQuery(flagQuery(slug)).data?.flag;
  const checked = checkJson(context);
  const { run, isPending, error } = useAction(
    async (variant?: string): Promise<Tried> => {
      if ('fault' in checked) throw new TypeError('It is no JSON');
      return { explanation: await explainFlag(slug, checked.value, variant), context };
    },
    (next) => setTried(next),
  );
  const refused = error instanceof ApiError && error.status === 422 ? error : undefined;
  return (
    <div className="try-it">
      <div
        className="stack"
        onKeyDownCapture={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          event.stopPropagation();
          if ('value' in checked) void run();
        }}
      >
        <JsonEditor
          label={t('tryIt.context')}
          help={t('tryIt.context.help')}
          value={context}
          onChange={setContext}
          errorMessage={refused?.errors.map(({ message }) => message).join('; ')}
        />
        <SubjectField context={context} onChange={setContext} />
        <div className="row">
          <Button kind="primary" isPending={isPending} isDisabled={'fault' in checked} onPress={() => void run()}>
            {t('tryIt.run')}
          </Button>
          <span className="soft small try-it-keys">{t('tryIt.keys')}</span>
        </div>
        {error !== undefined && !refused && <ProblemNote error={error} />}
      </div>
      <section className="try-it-result" aria-label={t('tryIt.result')}>
        {tried ? (
          <ExplainedPath
            explanation={tried.explanation}
            flag={flag}
            isOld={tried.context !== context}
            isPending={isPending}
            onWhyNot={(variant) => void run(variant)}
          />
        ) : (
          <p className="try-it-none soft">{t('tryIt.none')}</p>
        )}
      </section>
    </div>
  );
}
