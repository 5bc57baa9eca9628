export const palette = {
  'palette.open': 'Go to…',
  'palette.title': 'Go to a page, customer, instance, feature flag or service account',
  'palette.hint': 'Type a name or a slug…',
  'palette.pages': 'Pages',
  'palette.actions': 'Actions',
  'palette.searching': 'Searching…',
  'palette.none': 'Nothing fits “{query}”.',
  'palette.failed': 'The search has failed. Type again to retry.',
  'palette.more': 'All {count} for “{query}”',
  'palette.moreThan': 'More than {count} for “{query}”',
} as const;
