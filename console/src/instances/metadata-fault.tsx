import type { ReactNode, RefObject } from 'react';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { isolated } from '../ui/name';
import type { JsonFault } from './json-check';

interface MetadataFaultProps {
  readonly fault: JsonFault;
  readonly area: RefObject<HTMLTextAreaElement | null>;
}

/** What is wrong with the text and where, and the way there. */
export function MetadataFault({ fault, area }: MetadataFaultProps): ReactNode {
  const { t } = useI18n();
  const { at, line, column, key } = fault;
  const message = t(fault.message, { key: isolated(key ?? ''), size: '> 64 KiB' });
  const go = (): void => {
    const element = area.current;
    if (!element) return;
    element.focus();
    element.setSelectionRange(at, Math.min(at + 1, element.value.length));
    const height = element.scrollHeight / Math.max(element.value.split('\n').length, 1);
    element.scrollTop = Math.max(0, (line - 4) * height);
  };
  return (
    <span className="metadata-fault">
      <Icon name="warning" size={16} />
      <span>{t('metadata.where', { line, column, message })}</span>
      <Button small kind="quiet" onPress={go}>
        {t('metadata.goto')}
      </Button>
    </span>
  );
}
