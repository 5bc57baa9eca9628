export const signIn = {
  'signIn.title': 'Sign in',
  'signIn.working': 'Signing you in…',
  'signIn.needed': 'Open a sign-in link to come in. Whoever runs the server gets one with:',
  'signIn.failed': 'This link cannot be used any more',
  'signIn.failed.text': 'Sign-in links work once and for 15 minutes. Get another one with:',
  'signIn.throttled': 'Too many sign-ins have failed from here. Wait a few seconds; the link has not been used up.',
  'signIn.ended':
    'Open a new sign-in link in this browser to go on where you were; what you have typed is kept. Whoever runs the server gets one with:',
  'signIn.command': 'the command',
  'signIn.ended.title': 'Your session has ended',
  'signIn.throttled.title': 'Too many attempts',
  'signIn.broken': 'The sign-in did not work',
  'signIn.broken.text': 'The link has not been used up: try again.',
} as const;
