import { useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useState } from 'react';
import {
  Autocomplete,
  Collection,
  Dialog,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  TextField,
} from 'react-aria-components';
import { useI18n } from '../i18n/i18n';
import { Icon } from '../ui/icon';
import { isolated } from '../ui/name';
import type { Place } from './use-places';
import { usePlaces } from './use-places';
import '../app/menu.css';
import '../ui/combo.css';
import '../ui/dialog.css';
import './palette.css';

/** Goes wherever a few typed letters say. */
export function Palette({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useI18n();
  const router = useRouter();
  const [typed, setTyped] = useState('');
  const { groups, isSearching, hasFailed } = usePlaces(typed);
  const go = (to: string): void => {
    onClose();
    void router.history.push(to);
  };
  const state = hasFailed
    ? t('palette.failed')
    : isSearching
      ? t('palette.searching')
      : groups.length === 0
        ? t('palette.none', { query: isolated(typed.trim()) })
        : '';
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(isOpen) => !isOpen && onClose()}
      className="overlay palette-overlay"
    >
      <Modal className="modal palette">
        <Dialog className="palette-dialog" aria-label={t('palette.title')}>
          <Autocomplete inputValue={typed} onInputChange={setTyped}>
            <TextField className="palette-field" aria-label={t('palette.title')} autoFocus>
              <Icon name="search" />
              <Input className="palette-input" placeholder={t('palette.hint')} maxLength={200} dir="auto" />
            </TextField>
            <Menu
              className="menu palette-list"
              aria-label={t('palette.title')}
              items={groups}
              onAction={(to) => go(String(to))}
            >
              {({ title, places }) => (
                <MenuSection id={`group ${title}`}>
                  <Header className="menu-header">{title}</Header>
                  <Collection items={places.map((place) => ({ ...place, id: place.to }))}>
                    {({ to, text, detail }: Place) => (
                      <MenuItem id={to} textValue={text} className="menu-item">
                        <bdi className="combo-text">{text}</bdi>
                        {detail && <span className="soft small mono combo-detail">{detail}</span>}
                      </MenuItem>
                    )}
                  </Collection>
                </MenuSection>
              )}
            </Menu>
          </Autocomplete>
          <p className="palette-state soft small" role="status">
            {state}
          </p>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
