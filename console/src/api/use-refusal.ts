import { useI18n } from '../i18n/i18n';
import type { Scope } from './session';
import { refusalOf, useSession } from './session';

/** Why the person may not do what needs the scope, in words; undefined when they may. */
export function useRefusal(scope: Scope): string | undefined {
  const { t } = useI18n();
  const session = useSession();
  const missing = refusalOf(session, scope);
  return missing && t('role.needs', { scope: missing, role: t(`role.${session.role}`) });
}
