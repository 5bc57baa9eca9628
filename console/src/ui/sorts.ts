/** The orders that every list of customers and instances has; another text in the address is none. */
const ORDERS = ['name', 'createdAt', 'updatedAt', 'slug'].flatMap((field) => [field, `-${field}`]);

/** @returns it as the API's clients name its type, which lists them. */
export const orderOf = <T extends string>(text: string | undefined, usual: T): T =>
  text !== undefined && ORDERS.includes(text) ? (text as T) : usual;

/** The orders that the list of service accounts offers. */
const ACCOUNT_ORDERS = ['-createdAt', 'createdAt', 'name', '-name'] as const;
export type AccountOrder = (typeof ACCOUNT_ORDERS)[number];

export const accountOrderOf = (text: string | undefined): AccountOrder =>
  ACCOUNT_ORDERS.find((order) => order === text) ?? '-createdAt';
