import { describe, expect, it } from '@jest/globals';
import type { Request, RequestHandler, Response } from 'express';
import { RouteTree } from './route-tree.js';

const tree = new RouteTree();
const answers: string[] = [];
const add = (method: string, path: string): boolean =>
  tree.add(method, path, ((request: Request) => {
    answers.push(`${method} ${path} ${JSON.stringify(request.params)}`);
  }) as RequestHandler);

add('GET', '/api/customers');
add('POST', '/api/customers');
add('GET', '/api/customers/:slug');
add('GET', '/api/customers/export');
add('GET', '/api/:any/export/all');
add('DELETE', '/api/accounts/:slug/tokens/:token');

function ask(method: string, url: string): string {
  answers.length = 0;
  const path = url.replace(/^https?:\/\/[^/]+/, '').replace(/\?.*/, '');
  tree.dispatch({ method, url, path } as Request, {} as Response, () => answers.push('nothing'));
  return answers.join();
}

describe('RouteTree', () => {
  it.each([
    ['GET', '/api/customers', 'GET /api/customers {}'],
    ['GET', '/api/customers/', 'GET /api/customers {}'],
    ['GET', '/api/customers?q=/a/b', 'GET /api/customers {}'],
    ['POST', '/api/customers', 'POST /api/customers {}'],
    ['HEAD', '/api/customers', 'GET /api/customers {}'],
    ['GET', '/api/customers/sakura', 'GET /api/customers/:slug {"slug":"sakura"}'],
    ['GET', '/api/customers/export', 'GET /api/customers/export {}'],
    ['GET', '/api/customers/export/all', 'GET /api/:any/export/all {"any":"customers"}'],
    ['GET', '/api/customers/a%2Fb%C3%A9', 'GET /api/customers/:slug {"slug":"a/bé"}'],
    ['GET', '/api/customers/__proto__', 'GET /api/customers/:slug {"slug":"__proto__"}'],
    ['DELETE', '/api/accounts/a/tokens/b', 'DELETE /api/accounts/:slug/tokens/:token {"slug":"a","token":"b"}'],
    ['GET', 'http://example.com/api/customers/sakura', 'GET /api/customers/:slug {"slug":"sakura"}'],
  ])('answers %s %s', (method, url, answer) => {
    expect(ask(method, url)).toBe(answer);
  });

  it.each([
    ['GET', '/'],
    ['GET', '*'],
    ['GET', '/api'],
    ['GET', '/API/customers'],
    ['GET', '//api/customers'],
    ['GET', '/api//customers'],
    ['GET', '/api/customers//'],
    ['GET', '/api/customers/a/b'],
    ['PUT', '/api/customers'],
    ['DELETE', '/api/accounts/a/tokens'],
    ['GET', '/api/constructor'],
  ])('goes on for %s %s', (method, url) => {
    expect(ask(method, url)).toBe('nothing');
  });

  it('holds plain paths only', () => {
    expect(add('GET', '/files/*path')).toBe(false);
    expect(add('GET', '/flights/:from-:to')).toBe(false);
    expect(add('GET', '/')).toBe(false);
  });
});
