import { createContext } from 'react';

/** Inside of a table's row, whose link has the focus for all that is in it: see `Tips`. */
export const InRow = createContext(false);
