export const flagInsight = {
  'tryIt.context': 'Context',
  'tryIt.run': 'Try it',
} as const;
