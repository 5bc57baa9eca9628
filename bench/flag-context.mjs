/** The context that the rules are about; `%d` makes each request's its own. */
export const CONTEXT = JSON.stringify({
  context: {
    targetingKey: 'user-%d',
    plan: 'pro',
    seats: 50,
    country: 'JP',
    email: 'user-%d@sakura.example',
    user: { group: 'staff', since: '2024-04-01' },
  },
});
