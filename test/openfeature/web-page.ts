import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature } from '@openfeature/web-sdk';
import type { Client } from '@openfeature/web-sdk';
import { EventSource } from 'eventsource';

/** What a browser has and Node has not. */
const globals = globalThis as { EventSource?: unknown; localStorage?: unknown };

/** What a provider has asked, and what it was answered. */
export interface Exchange {
  /** The tag in `If-None-Match`. */
  readonly ifNoneMatch: string | null;
  /** Undefined when there was no answer. */
  status?: number;
  etag?: string | null;
}

export interface Page {
  readonly client: Client;
  /** In order of the requests. */
  readonly exchanges: readonly Exchange[];
  /** Rejects when the provider does not get ready. */
  readonly ready: Promise<void>;
}

interface Options extends Omit<ConstructorParameters<typeof OFREPWebProvider>[0], 'baseUrl'> {
  /** Pages of one domain share the flags that they keep. By default every page has its own. */
  readonly domain?: string;
}

let pages = 0;

/** Gives the suite what pages have in browsers. @returns what is in the storage of all pages */
export function beAPage(): Map<string, string> {
  const kept = new Map<string, string>();
  globals.EventSource = EventSource;
  globals.localStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  return kept;
}

/** A page with OpenFeature's SDK for the web, that has just begun to ask. Flags are not kept unless `options` say so. */
export function newPage(url: string, token: string, options: Options = {}): Page {
  const { domain = `page ${(pages += 1)}`, fetchImplementation = fetch, ...others } = options;
  const exchanges: Exchange[] = [];
  const recordingFetch: typeof fetch = async (input, init) => {
    const { headers } = input as Request;
    const exchange: Exchange = { ifNoneMatch: headers.get('if-none-match') };
    exchanges.push(exchange);
    const response = await fetchImplementation(input, init);
    exchange.status = response.status;
    exchange.etag = response.headers.get('etag');
    return response;
  };
  const provider = new OFREPWebProvider({
    baseUrl: `${url}/api`,
    headers: [['Authorization', `Bearer ${token}`]],
    cacheMode: 'disabled',
    ...others,
    fetchImplementation: recordingFetch,
  });
  const ready = OpenFeature.setProviderAndWait(domain, provider);
  return { client: OpenFeature.getClient(domain), exchanges, ready };
}

/** A page that has its flags. */
export async function openPage(...given: Parameters<typeof newPage>): Promise<Page> {
  const page = newPage(...given);
  await page.ready;
  return page;
}

/** @throws Error when it takes longer than 15 s. */
export async function until(isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 15_000; !isSo(); await new Promise((resolve) => setTimeout(resolve, 10)))
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${isSo}`);
}
