import { queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Schemas } from '../api/client';
import { api, body } from '../api/client';
import { useI18n } from '../i18n/i18n';
import { useSettled } from '../ui/use-settled';
import type { Fault } from './code-field';
import { issueText } from './issue-text';

export type RuleIssue = Schemas['TargetingRuleIssue'];

/** What rules may read, which is the same until the server is another. */
export const factsQuery = queryOptions({
  queryKey: ['targeting', 'context'],
  queryFn: ({ signal }) => body(api.GET('/feature-flags/targeting/context', { signal })),
  staleTime: Infinity,
});

const lintQuery = (rule: string) =>
  queryOptions({
    queryKey: ['targeting', 'lint', rule],
    queryFn: ({ signal }) => body(api.POST('/feature-flags/targeting/lint', { body: { rule }, signal })),
    staleTime: Infinity,
    gcTime: 60_000,
  });

/** What the server takes; it refuses to look at more. */
export const LONGEST_RULE = 10_000;

const PAUSE_MS = 250;

export interface RuleLint {
  readonly faults: readonly Fault[];
  readonly issues: readonly RuleIssue[];
  /** What it says is of the text before, and the text of now is being looked at. */
  readonly isChecking: boolean;
  readonly isValid: boolean;
  readonly error: unknown;
}

const NONE: readonly RuleIssue[] = [];

/** What is wrong with a rule, asked when the typing pauses. A question that is no longer of use is taken back. */
export function useRuleLint(rule: string, isEnabled: boolean): RuleLint {
  const { t } = useI18n();
  const settled = useSettled(rule, PAUSE_MS);
  const isAsked = isEnabled && settled.trim() !== '' && settled.length <= LONGEST_RULE;
  const { data, error, isFetching } = useQuery({ ...lintQuery(settled), enabled: isAsked });
  const issues = (isAsked && data?.issues) || NONE;
  const faults = useMemo(
    () => issues.map((issue) => faultOf(settled, issue, issueText(t, issue))),
    [issues, settled, t],
  );
  const isChecking = isEnabled && (rule !== settled || isFetching);
  return { faults, issues, isChecking, isValid: isAsked && data?.valid === true, error: isAsked ? error : null };
}

/** Where an issue is. The API counts lines by `\n` and columns in UTF-16 units, both from 1; 0 is an unknown place. */
export function faultOf(text: string, { line, column, endLine, endColumn }: RuleIssue, message: string): Fault {
  if (line === 0) return { from: 0, to: text.length, message };
  const from = offsetOf(text, line, column || 1);
  const to = endLine ? offsetOf(text, endLine, endColumn || 1) : from;
  return { from, to: Math.max(from, to), message };
}

export function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let i = 1; i < line; i++) {
    const end = text.indexOf('\n', start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  return Math.min(start + column - 1, text.length);
}

/** Line and column as people count them: characters, and not halves of one. */
export function placeOf(text: string, at: number): { readonly line: number; readonly column: number } {
  const lines = text.slice(0, at).split('\n');
  return { line: lines.length, column: [...lines.at(-1)!].length + 1 };
}
