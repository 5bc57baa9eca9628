export const editors = {
  'editor.loading': 'The editor is on its way',
} as const;
