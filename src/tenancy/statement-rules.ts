/**
 * Where a statement may begin: at the start, after another, after a comment. Comments are not taken out first, since whether `--` is
 * one or part of a literal takes a parser to tell. So the SET of an UPDATE is refused too where it follows a comment, or begins a line
 * of a text with such comments.
 */
const START = String.raw`(?:^|;|\*/)\s*`;
const START_OR_LINE = String.raw`(?:${START}|[\n\r][^\S\n\r]*)`;

/**
 * Statements that would change what the subscriber believes of a connection, or leave rows behind on it for whoever has it next (a
 * cursor WITH HOLD). `SET TRANSACTION` and `SET CONSTRAINTS` last no longer than the transaction and say nothing about the organization.
 */
const RESERVED = String.raw`(?:set\b(?!\s+(?:transaction|constraints)\b)|reset\b|discard\b|declare\b)`;
const SESSION_STATEMENT = new RegExp(START + RESERVED, 'i');
const SESSION_STATEMENT_AMONG_COMMENTS = new RegExp(START_OR_LINE + RESERVED, 'i');
const SETTING = /set_config|app\.organization_id/i;

/** @throws Error when `sql` touches the session's settings. Literals belong into parameters, so a text match is enough. */
export function assertLeavesSessionAlone(sql: string): void {
  const statement = sql.includes('--') ? SESSION_STATEMENT_AMONG_COMMENTS : SESSION_STATEMENT;
  if (statement.test(sql) || SETTING.test(sql)) {
    throw new Error('SET, RESET, DISCARD, DECLARE and set_config are reserved for OrgScopeSubscriber');
  }
}

/**
 * True for ROLLBACK in all its forms, ROLLBACK TO SAVEPOINT included: settings made in the undone part are undone with it. Only when
 * nothing follows it, since what follows needs the organization.
 */
export function undoesSettings(sql: string): boolean {
  return /^\s*(?:rollback|abort)\b[^;]*(?:;\s*)?$/i.test(sql);
}
