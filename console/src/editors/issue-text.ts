import type { MessageKey, Translate } from '../i18n/i18n';
import type { RuleIssue } from './rule-checks';

const TEXTS: Readonly<Partial<Record<string, MessageKey>>> = {
  empty: 'rule.issue.empty',
  too_long: 'rule.issue.too_long',
  too_deep: 'rule.issue.too_deep',
  too_large: 'rule.issue.too_large',
  ends_early: 'rule.issue.ends_early',
  unexpected: 'rule.issue.unexpected',
  unterminated_text: 'rule.issue.unterminated_text',
  bad_escape: 'rule.issue.bad_escape',
  bad_number: 'rule.issue.bad_number',
  int_too_large: 'rule.issue.int_too_large',
  reserved_word: 'rule.issue.reserved_word',
  bad_macro: 'rule.issue.bad_macro',
  wrong_types: 'rule.issue.wrong_types',
  not_boolean: 'rule.issue.not_boolean',
  unknown_function: 'rule.issue.unknown_function',
  unknown_fact: 'rule.issue.unknown_fact',
  unsupported_operator: 'rule.issue.unsupported_operator',
} satisfies Partial<Record<RuleIssue['code'], MessageKey>>;

/** What is wrong, in the reader's language. A kind that the console does not know is said in the server's words. */
export function issueText(t: Translate, { code, message, params }: RuleIssue): string {
  if (code === 'unknown_fact' && params?.similar) return t('rule.issue.similar_fact', { ...params, message });
  const key = Object.hasOwn(TEXTS, code) ? TEXTS[code] : undefined;
  return key ? t(key, { ...params, message }) : message;
}
