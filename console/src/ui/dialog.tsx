import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import './dialog.css';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
  /** Pressing beside it does nothing: there is something in it to lose. Escape still closes it. */
  readonly isKept?: boolean;
}

/** Open as long as it is there: whether it is, is said by the address. */
export function Dialog({ title, onClose, children, wide, isKept }: DialogProps): ReactNode {
  return (
    <ModalOverlay isOpen isDismissable={!isKept} onOpenChange={(isOpen) => !isOpen && onClose()} className="overlay">
      <Modal className={`modal${wide ? ' modal-wide' : ''}`}>
        <AriaDialog className="dialog">
          <Heading slot="title" className="dialog-title">
            {title}
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export function DialogActions({ children }: { children: ReactNode }): ReactNode {
  return <div className="dialog-actions">{children}</div>;
}
