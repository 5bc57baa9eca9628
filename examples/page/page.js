// Shows a feature flag, and shows it anew as soon as it changes. Other flags, users and servers: index.html?flag=...&user=...&api=...
const settings = new URLSearchParams(location.search);
const api = settings.get('api') ?? 'http://localhost:3000/api';
const flag = settings.get('flag') ?? 'banner';
const context = { targetingKey: settings.get('user') ?? 'user-1' };

const show = (id, text) => (document.getElementById(id).textContent = text);
show('flag', flag);

let token;
let tag;
let stream;
let retry;

document.getElementById('form').onsubmit = (event) => {
  event.preventDefault();
  token = document.getElementById('token').value;
  start();
};

function start() {
  clearTimeout(retry);
  stream?.close();
  stream = tag = undefined;
  refresh().catch(fail);
}

/** Evaluates all flags. An answer that is still the same comes without a body. */
async function refresh() {
  const response = await fetch(`${api}/ofrep/v1/evaluate/flags`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      ...(tag && { 'If-None-Match': tag }),
    },
    body: JSON.stringify({ context }),
  });
  if (response.status === 304) return;
  if (!response.ok) throw new Error((await response.json()).errorDetails);
  const { flags, eventStreams } = await response.json();
  tag = response.headers.get('ETag');
  const found = flags.find(({ key }) => key === flag);
  show('value', JSON.stringify(found?.value) ?? found?.errorDetails ?? 'not there');
  if (!stream) listen(eventStreams?.[0]);
}

/** Opens the stream that the answer announces, which says when to ask again. Its address is good for a minute. */
function listen(announced) {
  if (!announced) return show('state', 'Reload to see changes: there is no room for another listener.');
  stream = new EventSource(new URL(announced.endpoint.requestUri, api));
  stream.onopen = () => show('state', 'Changes are shown as they happen.');
  stream.onmessage = ({ data }) => {
    if (JSON.parse(data).type === 'refetchEvaluation') refresh().catch(fail);
  };
  stream.onerror = () => {
    // The browser tries again by itself, unless it was refused.
    if (stream.readyState === EventSource.CLOSED) fail(new Error('the stream was refused'));
    else show('state', 'The server is away; trying again.');
  };
}

/** Begins anew after a while. */
function fail(error) {
  show('state', `${error.message}; trying again.`);
  clearTimeout(retry);
  retry = setTimeout(start, 2000);
}
