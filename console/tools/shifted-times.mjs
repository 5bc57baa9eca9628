const TIME = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;

const SECRET = /\bksh_\w+/g;

/** Nobody's token, and seen to be none. */
const SAMPLE = 'ksh_this_is_a_sample_and_no_token_0000000000000000';

/**
 * Has the browser see the server's times as if it were another day: what it is answered is moved by so many milliseconds, and what it asks
 * about is moved back. It sees no token either.
 */
export async function shiftTimes(context, milliseconds) {
  const moved = (text, by) => text.replace(TIME, (time) => new Date(Date.parse(time) + by).toISOString());
  await context.route('**/api/**', async (route) => {
    const request = route.request();
    const url = moved(decodeColons(request.url()), -milliseconds);
    const postData = request.postData();
    const response = await route.fetch({ url, postData: postData ? moved(postData, -milliseconds) : undefined });
    if (!/json/.test(response.headers()['content-type'] ?? '')) return route.fulfill({ response });
    return route.fulfill({ response, body: moved(await response.text(), milliseconds).replace(SECRET, SAMPLE) });
  });
}

const decodeColons = (url) => url.replace(/%3A/gi, ':');
