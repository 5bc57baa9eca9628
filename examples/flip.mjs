// Gives everybody the next variant of a feature flag. If somebody else changes the flag meanwhile, nothing is changed.
const { KAITEN_URL = 'http://localhost:3000/api', KAITEN_TOKEN } = process.env;
const url = `${KAITEN_URL}/feature-flags/${process.argv[2] ?? 'banner'}`;

async function send(method, headers, flag) {
  const response = await fetch(url, {
    method,
    headers: { Authorization: `Bearer ${KAITEN_TOKEN}`, 'Content-Type': 'application/json', ...headers },
    body: flag && JSON.stringify(flag),
  });
  if (!response.ok) throw new Error(await response.text());
  return response;
}

const answer = await send('GET', {});
const flag = await answer.json();
const names = flag.variants.map(({ name }) => name);
const next = names[(names.indexOf(flag.default_variant.value) + 1) % names.length];
flag.default_variant = { type: 'basic', value: next };
await send('PUT', { 'If-Match': answer.headers.get('etag') }, flag);
console.log(`${flag.slug}: ${next}`);
