import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useSession } from '../api/session';
import { customersQuery } from '../customers/customers-api';
import { checkJson } from '../editors/json-check';
import { useI18n } from '../i18n/i18n';
import { instancesQuery } from '../instances/instances-api';
import { Combo } from '../ui/combo';
import { visibleName } from '../ui/name';
import { useSettled } from '../ui/use-settled';

const SHOWN = 8;

interface Subject {
  readonly id: string;
  readonly text: string;
  readonly detail: string;
  /** What a context says to be of it. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface SubjectFieldProps {
  readonly context: string;
  readonly onChange: (context: string) => void;
}

/** Makes the context one of a customer or an instance that there is. */
export function SubjectField({ context, onChange }: SubjectFieldProps): ReactNode {
  const { t } = useI18n();
  const { expandedScopes } = useSession();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<Subject>();
  const q = useSettled(text.trim() === chosen?.text ? '' : text.trim()).slice(0, 200) || undefined;
  const customers = useQuery({
    ...customersQuery({ q, sort: 'name', limit: SHOWN }),
    placeholderData: keepPreviousData,
    enabled: expandedScopes.includes('read:customers'),
  }).data?.items;
  const instances = useQuery({
    ...instancesQuery({ q, sort: 'name', limit: SHOWN }),
    placeholderData: keepPreviousData,
    enabled: expandedScopes.includes('read:instances'),
  }).data?.items;
  const found: Subject[] = [
    ...(customers ?? []).map(({ id, name, slug }) => ({
      id,
      text: visibleName(name, slug),
      detail: t('tryIt.subject.customer', { slug }),
      attributes: { targetingKey: slug },
    })),
    ...(instances ?? []).map(({ id, name, slug, customerSlug }) => ({
      id,
      text: visibleName(name, slug),
      detail: t('tryIt.subject.instance', { slug }),
      attributes: { targetingKey: customerSlug ?? slug, kaiten: { instanceSlug: slug } },
    })),
  ];
  const options = chosen && !found.some(({ id }) => id === chosen.id) ? [chosen, ...found] : found;
  const isSearched = customers !== undefined || instances !== undefined;
  return (
    <Combo
      label={t('tryIt.subject')}
      placeholder={t('tryIt.subject.hint')}
      options={options}
      chosen={chosen?.id}
      text={text}
      none={isSearched ? t('tryIt.subject.none') : ''}
      onText={setText}
      onChoose={(id) => {
        const subject = options.find((option) => option.id === id);
        setChosen(subject);
        if (!subject) return;
        setText(subject.text);
        onChange(JSON.stringify(withSubject(context, subject.attributes), null, 2));
      }}
    />
  );
}

/** Other attributes of a context stay; the instance that it named before does not. */
function withSubject(context: string, attributes: Subject['attributes']): Record<string, unknown> {
  const checked = checkJson(context);
  const { kaiten: _, ...rest } = 'value' in checked ? checked.value : {};
  return { ...rest, ...attributes };
}
