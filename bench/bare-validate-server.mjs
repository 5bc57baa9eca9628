import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/**
 * The baseline of `/api/tokens/validate`: node:http that looks at nothing and sends the headers that the application sends, byte for
 * byte in number, with the body that it sends, which is none.
 */
const { port, headers, keepAliveTimeout } = JSON.parse(readFileSync(process.argv[2], 'utf8'));

createServer({ keepAliveTimeout }, (request, response) => {
  response.writeHead(200, headers);
  response.end();
}).listen(port, '127.0.0.1');
