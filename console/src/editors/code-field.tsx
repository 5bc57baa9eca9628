import type { ComponentType, ReactNode, Ref } from 'react';
import { Suspense, useId, useRef, useState } from 'react';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import '../ui/field.css';
import './code-field.css';

/** A place in the text, in UTF-16 units, and what is wrong with it. */
export interface Fault {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

/** What a label and a message do to the editor. */
export interface CodeHandle {
  readonly focus: () => void;
  readonly goTo: (from: number, to?: number) => void;
}

/** What the editor itself has to know. */
export interface CodeProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onTabMode: (indents: boolean) => void;
  readonly labelledBy: string;
  readonly describedBy: string;
  readonly isReadOnly: boolean;
  readonly isInvalid: boolean;
  readonly faults: readonly Fault[];
}

interface CodeFieldProps {
  readonly label: ReactNode;
  readonly help?: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isReadOnly?: boolean;
  readonly errorMessage?: string;
  readonly faults: readonly Fault[];
  /** What is said of the first fault. */
  readonly faultText?: string;
  /** What is said while there is none. */
  readonly status: ReactNode;
  readonly keys: 'rule.keys' | 'editor.keys';
  readonly minLines: 3 | 6;
  readonly editor: ComponentType<CodeProps & { readonly handle: Ref<CodeHandle> }>;
  readonly actions?: ReactNode;
}

/** As `CodeView` has it. */
const TAB_KEY = /Mac|iP/.test(navigator.platform) ? '⇧⌥M' : 'Ctrl-M';

const NO_FAULTS: readonly Fault[] = [];

/** An editor with its name, what is wrong with the text, and where. The editor itself comes in a chunk of its own. */
export function CodeField(props: CodeFieldProps): ReactNode {
  const { label, help, value, onChange, isReadOnly = false, errorMessage, faults, minLines, editor: Editor } = props;
  const { t } = useI18n();
  const id = useId();
  const handle = useRef<CodeHandle>(null);
  const [tabIndents, setTabIndents] = useState(false);
  const [fault] = faults;
  const keys = t(tabIndents ? 'editor.tabIndents' : props.keys, { key: TAB_KEY });
  const describedBy = [help && `${id}-help`, errorMessage && `${id}-error`, `${id}-state`, `${id}-keys`]
    .filter(Boolean)
    .join(' ');
  const size = `code code-lines-${minLines}`;
  return (
    <div className="field">
      {/* A click is a help to those who point; the editor has the name. */}
      {}
      <span id={id} className="label" onClick={() => handle.current?.focus()}>
        {label}
      </span>
      {help && (
        <span id={`${id}-help`} className="soft small">
          {help}
        </span>
      )}
      <div
        className={size}
        data-invalid={errorMessage !== undefined || undefined}
        data-readonly={isReadOnly || undefined}
      >
        <Suspense fallback={<Ghost text={value} />}>
          <Editor
            handle={handle}
            value={value}
            onChange={onChange}
            onTabMode={setTabIndents}
            labelledBy={id}
            describedBy={describedBy}
            isReadOnly={isReadOnly}
            isInvalid={errorMessage !== undefined || fault !== undefined}
            faults={isReadOnly ? NO_FAULTS : faults}
          />
        </Suspense>
        <div className="code-foot small">
          <div id={`${id}-state`} className="code-state" aria-live="polite">
            {fault && props.faultText !== undefined ? (
              <span className="code-fault">
                <Icon name="warning" size={16} />
                <span>{props.faultText}</span>
                <Button small kind="quiet" onPress={() => handle.current?.goTo(fault.from, fault.to)}>
                  {t('editor.goTo')}
                </Button>
              </span>
            ) : (
              <span className="soft">{props.status}</span>
            )}
          </div>
          {!isReadOnly && !fault && (
            <span className="soft code-keys" title={keys} aria-hidden="true">
              {keys}
            </span>
          )}
          {!isReadOnly && (
            <span id={`${id}-keys`} className="visually-hidden">
              {keys}
            </span>
          )}
          {props.actions}
        </div>
      </div>
      {errorMessage !== undefined && (
        <span id={`${id}-error`} className="field-error small">
          {errorMessage}
        </span>
      )}
    </div>
  );
}

/** As high as the editor will be with this text. */
function Ghost({ text }: { text: string }): ReactNode {
  const { t } = useI18n();
  return (
    <div className="code-ghost" role="status" aria-label={t('editor.loading')}>
      <div aria-hidden="true">{`${text}\n`}</div>
    </div>
  );
}
