import { createContext, use } from 'react';
import type { FlagEdit } from './use-flag-edit';
import type { Tagged } from './flags-api';

export interface OpenFlag {
  /** How the address names it. */
  readonly reference: string;
  readonly present: Tagged;
  readonly edit: FlagEdit;
}

export const OpenFlagContext = createContext<OpenFlag | undefined>(undefined);

/** The flag whose pages one is on, with what has been changed of it. */
export function useOpenFlag(): OpenFlag {
  const open = use(OpenFlagContext);
  if (!open) throw new Error('There is no flag around this');
  return open;
}
