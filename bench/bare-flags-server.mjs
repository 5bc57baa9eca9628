import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/**
 * The baseline of flag evaluation: node:http that reads the request's body, parses it where `parses` says so, and sends the bytes and the
 * headers that the application sends, recorded from it.
 */
const { port, headers, body, keepAliveTimeout, parses } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const bytes = Buffer.from(body);

createServer({ keepAliveTimeout }, (request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    if (parses && chunks.length > 0) JSON.parse(Buffer.concat(chunks).toString());
    response.writeHead(200, headers);
    response.end(bytes);
  });
}).listen(port, '127.0.0.1');
