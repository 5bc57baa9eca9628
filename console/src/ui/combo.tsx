import type { ReactNode } from 'react';
import { Button, ComboBox, FieldError, Input, Label, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components';
import { useI18n } from '../i18n/i18n';
import { Icon } from './icon';
import '../app/menu.css';
import './field.css';
import './combo.css';

export interface Option {
  readonly id: string;
  readonly text: string;
  readonly detail?: string;
}

interface ComboProps {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly placeholder?: string;
  readonly help?: string;
  readonly problem?: string;
  readonly isRequired?: boolean;
  /** What fits what has been typed; the chosen one among them. */
  readonly options: readonly Option[];
  readonly chosen: string | undefined;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onChoose: (id: string | undefined) => void;
  readonly none: string;
}

/** A field whose choices are searched while one types. */
export function Combo(props: ComboProps): ReactNode {
  const { label, hideLabel, placeholder, help, problem, isRequired, options, chosen, text, none } = props;
  const { t } = useI18n();
  return (
    <ComboBox
      className="field combo"
      items={options}
      inputValue={text}
      onInputChange={props.onText}
      selectedKey={chosen ?? null}
      onSelectionChange={(key) => props.onChoose(key === null ? undefined : String(key))}
      allowsEmptyCollection
      defaultFilter={() => true}
      menuTrigger="focus"
      isInvalid={problem !== undefined}
      isRequired={isRequired}
      validationBehavior="aria"
    >
      <Label className={hideLabel ? 'visually-hidden' : 'label'}>{label}</Label>
      <div className="combo-box">
        <Input className="input" placeholder={placeholder} dir="auto" />
        <Button className="combo-open">
          <Icon name="chevron" size={14} />
        </Button>
      </div>
      {help && (
        <Text slot="description" className="soft small">
          {help}
        </Text>
      )}
      <FieldError className="field-error small">{problem}</FieldError>
      <Popover className="menu-popover combo-popover">
        <ListBox
          className="menu combo-list"
          renderEmptyState={() => <p className="combo-none soft">{none || t('app.loading')}</p>}
        >
          {(option: Option) => (
            <ListBoxItem id={option.id} textValue={option.text} className="menu-item">
              <bdi className="combo-text">{option.text}</bdi>
              {option.detail && <span className="soft small mono combo-detail">{option.detail}</span>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

/** What is chosen is always among the options, or the field would lose its text. */
export const withChosen = (options: readonly Option[], chosen: Option | undefined): readonly Option[] =>
  chosen && !options.some(({ id }) => id === chosen.id) ? [chosen, ...options] : options;
