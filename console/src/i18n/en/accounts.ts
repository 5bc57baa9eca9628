export const accounts = {
  'accounts.title': 'Service accounts',
  'accounts.intro':
    'Machines that call the API. Each belongs to the organization, has no e-mail address and holds several tokens.',
  'accounts.new': 'New service account',
  'accounts.new.text': 'Name it after what it is for.',
  'accounts.name.example': 'my-app-backend',
  'accounts.empty': 'No service accounts yet',
  'accounts.empty.text': 'An application needs a service account to hold its tokens. Make one for each application.',
  'accounts.tokens': 'Tokens',
  'accounts.tokens.count': { one: '{count} token', other: '{count} tokens' },
  'accounts.lastUsed': 'Last used',
  'accounts.delete': 'Delete service account',
  'accounts.delete.text': 'All of its tokens stop working at once. This cannot be undone. Type {name} to confirm.',
  'accounts.rename': 'Rename',
} as const;
