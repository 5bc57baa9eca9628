// Asks for a feature flag every second, and says so when it has changed.
import { setTimeout as sleep } from 'node:timers/promises';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature } from '@openfeature/server-sdk';

const { KAITEN_URL = 'http://localhost:3000/api', KAITEN_TOKEN, FLAG = 'banner', USER_ID = 'user-1' } = process.env;
const headers = [['Authorization', `Bearer ${KAITEN_TOKEN}`]];
await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: KAITEN_URL, headers }));
const flags = OpenFeature.getClient();

let shown;
for (;;) {
  const { value, variant, reason, errorMessage } = await flags.getStringDetails(FLAG, 'unknown', {
    targetingKey: USER_ID,
  });
  const line = `${FLAG} is ${JSON.stringify(value)} (${[variant, reason, errorMessage].filter(Boolean).join(', ')})`;
  if (line !== shown) console.log(line);
  shown = line;
  await sleep(1000);
}
