// Serves this folder on http://localhost:8080, or another port: PORT=8081 node examples/page/serve.mjs
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

const FILES = { '/': ['index.html', 'text/html; charset=utf-8'], '/page.js': ['page.js', 'text/javascript'] };

createServer(async ({ url }, response) => {
  const [file, type] = FILES[new URL(url, 'http://localhost').pathname] ?? [];
  if (!file) return response.writeHead(404).end();
  response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' });
  response.end(await readFile(new URL(file, import.meta.url)));
}).listen(process.env.PORT ?? 8080, 'localhost', function () {
  console.log(`http://localhost:${this.address().port}`);
});
