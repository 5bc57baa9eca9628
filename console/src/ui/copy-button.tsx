import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useI18n } from '../i18n/i18n';
import { Button } from './button';
import { Icon } from './icon';

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for those who do not see what stands beside the button. */
  readonly label?: string;
  readonly kind?: 'primary' | 'plain' | 'quiet';
  readonly small?: boolean;
  readonly onCopied?: () => void;
}

/** Copies a text, and says that it did. */
export function CopyButton({ text, label, kind, small, onCopied }: CopyButtonProps): ReactNode {
  const { t } = useI18n();
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  useEffect(() => {
    if (outcome === undefined) return undefined;
    const timer = setTimeout(() => setOutcome(undefined), 3_000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copyIt = async (): Promise<void> => {
    const isCopied = await copyText(text);
    setOutcome(isCopied ? 'copied' : 'failed');
    if (isCopied) onCopied?.();
  };
  const said = t(outcome === undefined ? 'action.copy' : outcome === 'copied' ? 'action.copied' : 'action.copy.failed');
  return (
    <>
      <Button
        kind={kind}
        small={small}
        aria-label={label && outcome === undefined ? `${said}: ${label}` : undefined}
        onPress={() => void copyIt()}
      >
        <Icon name={outcome === 'copied' ? 'check' : 'copy'} size={16} />
        {said}
      </Button>
      <span className="visually-hidden" role="status">
        {outcome && said}
      </span>
    </>
  );
}

/** Browsers have a clipboard only on HTTPS and localhost; elsewhere they still copy what is selected. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

function copySelected(text: string): boolean {
  const focused = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.className = 'visually-hidden';
  // Inside an open dialog: what lies outside of it cannot be focused.
  (focused?.closest('[role="dialog"]') ?? document.body).append(area);
  area.select();
  try {
    return document.execCommand('copy');
  } finally {
    area.remove();
    if (focused instanceof HTMLElement) focused.focus();
  }
}
