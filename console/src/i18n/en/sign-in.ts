export const signIn = {
  'signIn.title': 'Sign in',
  'signIn.working': 'Signing you in…',
  'signIn.needed': 'Open a sign-in link to come in. Whoever runs the server gets one with:',
  'signIn.failed': 'This link cannot be used any more',
  'signIn.failed.text': 'Sign-in links work once and for 15 minutes. Get another one with:',
  'signIn.throttled': 'Too many attempts. Wait a little and open the link again.',
  'signIn.ended': 'Your session has ended. Open a new sign-in link in this browser; what you were doing is kept.',
} as const;
