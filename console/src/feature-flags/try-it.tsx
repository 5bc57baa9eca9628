import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { api, body } from '../api/client';
import { JsonEditor } from '../editors/json-editor';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { ProblemNote } from '../ui/problem';

/** What a flag is for somebody, and why. */
export function TryIt({ slug }: { slug: string }): ReactNode {
  const { t } = useI18n();
  const [text, setText] = useState('{"targetingKey":"user-123"}');
  const explain = useMutation({
    mutationFn: (context: Record<string, never>) =>
      body(
        api.POST('/feature-flags/{featureFlagSlug}/explain', {
          params: { path: { featureFlagSlug: slug } },
          body: { context },
        }),
      ),
  });
  return (
    <div className="stack">
      <JsonEditor label={t('tryIt.context')} value={text} onChange={setText} />
      <div className="row">
        <Button
          kind="primary"
          isPending={explain.isPending}
          onPress={() => explain.mutate(JSON.parse(text) as Record<string, never>)}
        >
          {t('tryIt.run')}
        </Button>
      </div>
      {explain.error && <ProblemNote error={explain.error} />}
      {explain.data && <pre>{JSON.stringify(explain.data, null, 2)}</pre>}
    </div>
  );
}
