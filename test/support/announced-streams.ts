import { EventStream } from './event-stream.js';
import { FLAGS } from './flags.js';
import { assertProtocol } from './ofrep-protocol.js';

/** An answer to an evaluation of all flags, as far as streams are about it. */
export interface Evaluation {
  readonly status: number;
  readonly etag: string;
  readonly body: any;
  /** Of the stream that it announces; undefined where it announces none. */
  readonly streamUrl: string | undefined;
}

/** Evaluates all flags as a client of OFREP does, at whatever server. */
export async function evaluate(url: string, token: string, headers: object = {}): Promise<Evaluation> {
  const response = await fetch(url + FLAGS, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  const text = await response.text();
  const body = text === '' ? undefined : JSON.parse(text);
  assertProtocol('POST', FLAGS, { status: response.status, headers: Object.fromEntries(response.headers), body });
  const requestUri = body?.eventStreams?.[0].endpoint.requestUri as string | undefined;
  return {
    status: response.status,
    etag: response.headers.get('etag')!,
    body,
    streamUrl: requestUri === undefined ? undefined : url + requestUri,
  };
}

/** Opens the stream that an evaluation announces, now. @throws Error when it is refused. */
export async function openStream(url: string, token: string, headers?: Record<string, string>): Promise<EventStream> {
  const { streamUrl } = await evaluate(url, token);
  const stream = await EventStream.open(streamUrl!, headers);
  if (stream.status !== 200) throw new Error(`${stream.status} ${JSON.stringify(await stream.problem())}`);
  await stream.until(() => stream.retry !== undefined);
  return stream;
}
