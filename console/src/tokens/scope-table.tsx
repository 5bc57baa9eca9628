import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import type { Choice, Group, Level, Module } from './scopes';
import { GROUPS, levelOf, rank } from './scopes';
import './scope-table.css';

const LEVELS = ['none', 'read', 'write'] as const;

interface ScopeTableProps {
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
  /** The most that may be given of a module, or of all. */
  readonly most: (module: Module | '*') => Level;
  readonly refusal: string;
}

/** One row for each module, one column for each level. */
export function ScopeTable({ choice, onChange, most, refusal }: ScopeTableProps): ReactNode {
  const { t } = useI18n();
  return (
    <table className="scope-table">
      <thead>
        <tr>
          <th scope="col">{t('scopes.module')}</th>
          {LEVELS.map((level) => (
            <th key={level} scope="col" className="scope-level">
              {t(`scopes.level.${level}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <Row
          name="every"
          label={t('scopes.every')}
          help={t('scopes.every.help')}
          level={choice.every}
          most={most('*')}
          refusal={refusal}
          onChange={(every) => onChange({ ...choice, every })}
        />
      </tbody>
      {(Object.keys(GROUPS) as Group[]).map((group) => (
        <tbody key={group}>
          <tr className="scope-group">
            <th scope="rowgroup" colSpan={4}>
              {t(`scopes.group.${group}`)}
            </th>
          </tr>
          {GROUPS[group].map((module: Module) => (
            <Row
              key={module}
              name={module}
              label={t(`module.${module}`)}
              level={levelOf(choice, module)}
              least={choice.every}
              most={most(module)}
              refusal={refusal}
              onChange={(level) => onChange({ ...choice, modules: { ...choice.modules, [module]: level } })}
            />
          ))}
        </tbody>
      ))}
    </table>
  );
}

interface RowProps {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  readonly level: Level;
  /** Given already by the row of all modules. */
  readonly least?: Level;
  readonly most: Level;
  readonly refusal: string;
  readonly onChange: (level: Level) => void;
}

function Row({ name, label, help, level: chosen, least = 'none', most, refusal, onChange }: RowProps): ReactNode {
  const { t } = useI18n();
  return (
    <tr>
      <th scope="row">
        {label}
        {help && <span className="soft small scope-help">{help}</span>}
      </th>
      {LEVELS.map((level) => {
        const isBeyond = rank(level) > rank(most);
        const isBelow = rank(level) < rank(least);
        const reason = isBeyond ? refusal : isBelow ? t('scopes.given') : undefined;
        return (
          <td key={level}>
            <label className="scope-cell" data-tip={reason}>
              <input
                type="radio"
                name={`scope-${name}`}
                aria-label={`${label}: ${t(`scopes.level.${level}`)}`}
                checked={level === chosen}
                disabled={isBeyond || isBelow}
                onChange={() => onChange(level)}
              />
            </label>
          </td>
        );
      })}
    </tr>
  );
}
