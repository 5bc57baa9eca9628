import request from 'supertest';
import { testApp } from './app.js';
import { assertDocumented } from './contract.js';
import { assertProtocol } from './ofrep-protocol.js';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body; undefined when there is none. */
  readonly body: any;
  readonly text: string;
}

export interface Sending {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client of the suite's application. It holds every exchange against the OpenAPI document, so that neither can drift, and flags against OFREP. */
export class Api {
  constructor(readonly token?: string) {}

  get = (path: string, sending?: Sending): Promise<Answer> => this.send('GET', path, sending);
  post = (path: string, body?: unknown, sending?: Sending): Promise<Answer> =>
    this.send('POST', path, { body, ...sending });
  put = (path: string, body?: unknown, sending?: Sending): Promise<Answer> =>
    this.send('PUT', path, { body, ...sending });
  patch = (path: string, body?: unknown, sending?: Sending): Promise<Answer> =>
    this.send('PATCH', path, { body, ...sending });
  delete = (path: string, sending?: Sending): Promise<Answer> => this.send('DELETE', path, sending);

  protected url(): string {
    return testApp().url;
  }

  async send(method: string, path: string, sending: Sending = {}): Promise<Answer> {
    const { body, raw, headers = {} } = sending;
    const outgoing = request(this.url())[method.toLowerCase() as 'get'](path);
    if (this.token !== undefined) outgoing.set('Authorization', `Bearer ${this.token}`);
    for (const [name, value] of Object.entries(headers)) outgoing.set(name, value);
    if (raw !== undefined) {
      if (!headers['Content-Type']) outgoing.set('Content-Type', 'application/json');
      // supertest would serialize a Buffer as JSON.
      outgoing.serialize((data: unknown) => data as string);
      outgoing.send(raw);
    } else if (body !== undefined) outgoing.send(body as object);
    const response = await outgoing.redirects(0).ok(() => true);
    const answer: Answer = {
      status: response.status,
      headers: response.headers as Record<string, string>,
      text: response.text ?? '',
      body: response.text ? JSON.parse(response.text) : undefined,
    };
    assertDocumented({ method, path, body }, answer);
    assertProtocol(method, path, answer);
    return answer;
  }
}

/** A client without a credential. */
export const anonymous = new Api();
