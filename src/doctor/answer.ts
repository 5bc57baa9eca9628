/** What came back. */
export interface Answer {
  readonly status: number;
  /** Names in lower case; of several of one name, the last. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as JSON, where it is an object. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  /** The problem's code. Absent: whoever answered is not kaiten-server, or does not pass on what it says. */
  readonly code: string | undefined;
}

interface Reading {
  /** It answers HEAD, and so has no body in spite of what its headers say. */
  readonly toHead: boolean;
  /** Nothing comes after these bytes. */
  readonly isWhole: boolean;
}

/** The answer that the bytes hold, or undefined while it is not all there. Interim answers (1xx) are passed over. */
export function parseAnswer(bytes: Buffer, reading: Reading): Answer | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first, ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first!)?.[1]);
  if (Number.isNaN(status)) return undefined;
  const rest = bytes.subarray(end + 4);
  if (status < 200) return parseAnswer(rest, reading);
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(':', 1)[0]!.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const hasBody = !reading.toHead && status !== 204 && status !== 304;
  const text = hasBody ? readBody(rest, headers, reading.isWhole) : '';
  if (text === undefined) return undefined;
  const body = parseObject(text);
  return { status, headers, body, code: typeof body?.code === 'string' ? body.code : undefined };
}

/** RFC 9112, section 6.3: in chunks, of a stated length, or up to the connection's end. @returns undefined while it is not all there. */
function readBody(bytes: Buffer, headers: Answer['headers'], isWhole: boolean): string | undefined {
  if (/chunked/i.test(headers['transfer-encoding'] ?? '')) {
    const chunks = readChunks(bytes);
    return chunks.isComplete || isWhole ? chunks.text : undefined;
  }
  const length = Number(headers['content-length'] ?? Infinity);
  return bytes.length >= length || isWhole ? bytes.subarray(0, length).toString() : undefined;
}

function readChunks(bytes: Buffer): { text: string; isComplete: boolean } {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = lineEnd < 0 ? NaN : parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    const isComplete = size === 0;
    if (isComplete || Number.isNaN(size) || lineEnd + 2 + size > bytes.length) {
      return { text: Buffer.concat(chunks).toString(), isComplete };
    }
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
