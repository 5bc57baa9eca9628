import type { Translated } from '../en';
import type { home as en } from '../en/home';

export const home: Translated<typeof en> = {
  'home.title': 'Accueil',
};
