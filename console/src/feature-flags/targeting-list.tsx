import type { ReactNode } from 'react';
import {
  Button as AriaButton,
  GridList,
  GridListItem,
  I18nProvider,
  Menu,
  MenuItem,
  MenuTrigger,
  Popover,
  useDragAndDrop,
} from 'react-aria-components';
import { useI18n } from '../i18n/i18n';
import { Badge } from '../ui/badge';
import { Icon } from '../ui/icon';
import { Name, visibleName } from '../ui/name';
import type { TargetingDraft } from './flag-draft';
import { draftWords } from './flag-words';
import type { FlagForm } from './use-flag-form';
import '../app/menu.css';
import './targeting-list.css';

interface TargetingListProps {
  readonly form: FlagForm;
  readonly open: string;
  readonly onOpen: (key: string) => void;
  readonly onArrange: (next: readonly TargetingDraft[], moved: string) => void;
  readonly onRemove: (targeting: TargetingDraft) => void;
}

/** Moves one to where another one is. */
function moved(list: readonly TargetingDraft[], key: string, to: number): readonly TargetingDraft[] {
  const rest = list.filter((targeting) => targeting.key !== key);
  const one = list.find((targeting) => targeting.key === key)!;
  return [...rest.slice(0, to), one, ...rest.slice(to)];
}

/** The targetings in their order, which is changed by dragging a row, or by its menu. */
export function TargetingList({ form, open, onOpen, onArrange, onRemove }: TargetingListProps): ReactNode {
  const { t, language } = useI18n();
  const { draft, problems, refusal } = form;
  const { targetings, variants } = draft;
  const { dragAndDropHooks } = useDragAndDrop({
    isDisabled: refusal !== undefined,
    getItems: (keys) =>
      [...keys].map((key) => ({ 'text/plain': targetings.find((targeting) => targeting.key === key)?.name ?? '' })),
    onReorder: ({ keys, target }) => {
      const key = String([...keys][0]);
      const rest = targetings.filter((targeting) => targeting.key !== key);
      const there = rest.findIndex((targeting) => targeting.key === target.key);
      onArrange(moved(targetings, key, target.dropPosition === 'after' ? there + 1 : there), key);
    },
  });
  return (
    <I18nProvider locale={language}>
      <GridList
        className="targeting-list"
        aria-label={t('flags.targetings')}
        items={targetings}
        // What a row says depends on more than its item.
        dependencies={[open, problems, variants, refusal, language]}
        dragAndDropHooks={dragAndDropHooks}
        keyboardNavigationBehavior="tab"
        onAction={(key) => onOpen(String(key))}
      >
        {(targeting) => {
          const { key, name, rule, strategy } = targeting;
          const position = targetings.findIndex((other) => other.key === key);
          const label = visibleName(name, t('flags.targeting.nameless', { position: position + 1 }));
          const count = [...problems.keys()].filter((place) => place.startsWith(`targetings/${key}/`)).length;
          return (
            <GridListItem
              id={key}
              textValue={label}
              className={`targeting-row${key === open ? ' targeting-open' : ''}`}
            >
              <AriaButton
                slot="drag"
                className="targeting-handle"
                aria-label={t('flags.targeting.drag', { name: label })}
                isDisabled={refusal !== undefined}
              >
                <Icon name="grip" size={16} />
              </AriaButton>
              <span className="targeting-position soft small">{position + 1}</span>
              <span className="targeting-text">
                <strong>
                  <Name text={label} lines={1} />
                </strong>
                <code className="truncate" title={rule} dir="ltr">
                  {rule.trim() || '…'}
                </code>
                <span className="soft small">
                  <Name text={draftWords(t, language, strategy, variants)} lines={1} />
                </span>
                {count > 0 && <Badge kind="bad">{t('flags.problems.count', { count })}</Badge>}
              </span>
              <RowMenu
                label={label}
                position={position}
                isLast={position === targetings.length - 1}
                refusal={refusal}
                onMove={(to) => onArrange(moved(targetings, key, to), key)}
                onRemove={() => onRemove(targeting)}
              />
            </GridListItem>
          );
        }}
      </GridList>
    </I18nProvider>
  );
}

interface RowMenuProps {
  readonly label: string;
  readonly position: number;
  readonly isLast: boolean;
  readonly refusal: string | undefined;
  readonly onMove: (to: number) => void;
  readonly onRemove: () => void;
}

function RowMenu({ label, position, isLast, refusal, onMove, onRemove }: RowMenuProps): ReactNode {
  const { t } = useI18n();
  const disabled = [...(position === 0 ? ['up', 'first'] : []), ...(isLast ? ['down'] : [])];
  const act = (action: string): void => {
    if (action === 'up') onMove(position - 1);
    if (action === 'down') onMove(position + 1);
    if (action === 'first') onMove(0);
    if (action === 'remove') onRemove();
  };
  return (
    <MenuTrigger>
      <AriaButton
        className="targeting-menu"
        aria-label={t('flags.targeting.menu', { name: label })}
        isDisabled={refusal !== undefined}
      >
        <Icon name="more" size={16} />
      </AriaButton>
      <Popover className="menu-popover" placement="bottom end">
        <Menu className="menu" disabledKeys={disabled} onAction={(key) => act(String(key))}>
          {(['up', 'down', 'first', 'remove'] as const).map((action) => (
            <MenuItem key={action} id={action} className="menu-item">
              {t(`flags.targeting.${action}`)}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
