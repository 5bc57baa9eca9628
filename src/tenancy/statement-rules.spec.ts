import { describe, expect, it } from '@jest/globals';
import { assertLeavesSessionAlone, undoesSettings } from './statement-rules.js';

describe('assertLeavesSessionAlone', () => {
  it.each([
    'SET x = 1',
    'set local x to 1',
    'SET SESSION AUTHORIZATION x',
    'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY',
    'SET ROLE x',
    'SET/**/x = 1',
    'SET--\nx = 1',
    'RESET ALL',
    'reset x',
    'DISCARD ALL',
    '\n\t RESET ALL',
    'SELECT 1;RESET ALL',
    'SELECT 1; ;\n SET x = 1; SELECT 2',
    '/* a */ RESET ALL',
    '/* a /* b */ c */ RESET ALL',
    '-- a\nRESET ALL',
    '-- a\r\nRESET ALL',
    '-- a\rRESET ALL',
    '-- a\n-- b\n/* c */SET x = 1',
    `SELECT '--'; RESET ALL`,
    `SELECT '/*'; RESET ALL -- */`,
    'SELECT set_config($1, $2, false)',
    'SELECT SET_CONFIG($1, $2, false)',
    `ALTER ROLE x SET app.organization_id = '1'`,
    'DECLARE c CURSOR WITH HOLD FOR SELECT 1',
  ])('refuses %j', (sql) => {
    expect(() => assertLeavesSessionAlone(sql)).toThrow('reserved');
  });

  it.each([
    'SELECT 1',
    'UPDATE t SET x = 1',
    'UPDATE t\n  SET x = 1\n  WHERE y',
    'INSERT INTO t VALUES (1) ON CONFLICT DO UPDATE SET x = 1',
    'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE',
    'SET  CONSTRAINTS ALL DEFERRED',
    'SELECT "set", resets FROM discards -- set, reset, discard',
    'SELECT setting FROM settings; SELECT offset_of FROM t',
    'START TRANSACTION',
    'SAVEPOINT a',
  ])('lets %j through', (sql) => {
    expect(() => assertLeavesSessionAlone(sql)).not.toThrow();
  });

  it('takes no longer than the text is long', () => {
    const started = performance.now();
    for (const part of ['--', '/*', '*/ ', '; ', 'sets', '-- a\n', '\n', ' ', '\n '].flatMap((text) => [
      text,
      `--${text}`,
    ])) {
      assertLeavesSessionAlone(`SELECT 1 ${part.repeat(50_000)}`);
      expect(undoesSettings(`ROLLBACK ${part.repeat(50_000)}; x`)).toBe(false);
    }
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('undoesSettings', () => {
  it.each([
    'ROLLBACK',
    'rollback;',
    ' ROLLBACK WORK ',
    'ROLLBACK TO SAVEPOINT typeorm_1',
    'ROLLBACK AND CHAIN',
    'ROLLBACK PREPARED $1',
    'ABORT',
  ])('is so for %j', (sql) => expect(undoesSettings(sql)).toBe(true));

  it.each([
    'COMMIT',
    'SAVEPOINT a',
    'SELECT 1',
    'ROLLBACKS',
    'ROLLBACK; SELECT 1',
    'ROLLBACK; ROLLBACK',
    'rollback\n;delete from t',
    'SELECT 1; ROLLBACK',
  ])('is not for %j: what else there is needs the organization', (sql) => expect(undoesSettings(sql)).toBe(false));
});
