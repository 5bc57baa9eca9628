import type { Translated } from '../en';
import type { palette as en } from '../en/palette';

export const palette: Translated<typeof en> = {
  'palette.open': 'Aller à…',
  'palette.title': 'Aller à une page, un client, une instance, un feature flag ou un compte de service',
  'palette.hint': 'Tapez un nom ou un slug…',
  'palette.pages': 'Pages',
  'palette.actions': 'Actions',
  'palette.searching': 'Recherche…',
  'palette.none': 'Rien ne correspond à « {query} ».',
  'palette.failed': 'La recherche a échoué. Tapez de nouveau pour réessayer.',
  'palette.more': 'Les {count} pour « {query} »',
  'palette.moreThan': 'Plus de {count} pour « {query} »',
};
