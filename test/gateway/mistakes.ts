import type { Edit, Fault } from '../support/gateways.js';

/** A mistake that gateways are configured with, how it is made in each kind where it can be, and the probes that must find it. */
export interface Mistake extends Fault {
  readonly finds: readonly string[];
}

const SUBREQUEST = '    location = /validate {\n      internal;\n      proxy_pass http://kaiten_api';
const HEALTHZ = '    location = /api/healthz {\n';
const FORWARD_AUTH = 'forward_auth 127.0.0.1:16000 {';
const REVERSE_PROXY = 'reverse_proxy 127.0.0.1:16000';
const PUBLIC = '\t\t@public path';
/** What is left of the client's own credential goes. */
const ANSWERED: Edit = ['\t\t\timport answered\n', ''];
const CLIENT_WORDS: Edit = ['\t\timport client_words\n', ''];

export const MISTAKES: Readonly<Record<string, Mistake>> = {
  'nothing is validated': {
    proxy: { validates: () => false },
    nginx: [['      auth_request /validate;', '      set $principal $http_authorization;']],
    caddy: [[`${FORWARD_AUTH}\n\t\t\t\timport validate\n\t\t\t}`, ''], ANSWERED],
    finds: [
      'a garbage token',
      'a well-formed token that nobody has',
      'an unsigned principal (alg none)',
      'two credentials in one header',
      'the method HEAD',
      'the method POST',
    ],
  },
  "nothing is validated, and refusals get the gateway's own page": {
    proxy: { validates: () => false, hides: 'problems' },
    nginx: [
      [
        '      auth_request /validate;',
        '      set $principal $http_authorization;\n      proxy_intercept_errors on;\n      error_page 403 404 405 @page;',
      ],
      ['      error_page 401 @refused;', '      error_page 401 @page;'],
      [
        HEALTHZ,
        `    location @page {\n      internal;\n      default_type text/html;\n      return 401 "No.";\n    }\n${HEALTHZ}`,
      ],
    ],
    finds: ['a garbage token', 'an unsigned principal (alg none)', 'the method HEAD'],
  },
  'tokens alone are validated, and other credentials passed on': {
    proxy: { validates: ({ headers }) => /^Bearer ksh_/.test(headers.authorization ?? '') },
    nginx: [
      [
        'http {',
        'http {\n  map $http_authorization $other {\n    "~^Bearer ksh_" "";\n    default $http_authorization;\n  }',
      ],
      ['Authorization $principal;', 'Authorization $principal$other;'],
      [SUBREQUEST, SUBREQUEST.replace('proxy_pass', 'if ($other) {\n        return 204;\n      }\n      proxy_pass')],
    ],
    caddy: [
      ANSWERED,
      [FORWARD_AUTH, `@token header Authorization "Bearer ksh_*"\n\t\t\t${FORWARD_AUTH.replace(' ', ' @token ')}`],
    ],
    finds: [
      'an unsigned principal (alg none)',
      'an unsigned principal (alg nOnE)',
      'a principal signed with HS256 and an empty key',
      'a principal signed with a key of its own',
      'a principal whose signature is missing',
    ],
  },
  'some paths of the API are not validated': {
    proxy: { validates: ({ url }) => !/^\/api\/[a-z-]+\/$/.test(url!) },
    nginx: [
      [
        HEALTHZ,
        `    location ~ ^/api/[a-z-]+/$ {\n      set $principal $http_authorization;\n      proxy_pass http://kaiten_api;\n    }\n${HEALTHZ}`,
      ],
    ],
    caddy: [
      [PUBLIC, `\t\t@forgotten path_regexp ^/api/[a-z-]+/$\n\t\treverse_proxy @forgotten 127.0.0.1:16000\n${PUBLIC}`],
    ],
    finds: ['the path "/api/me/"'],
  },
  'some methods are not validated': {
    proxy: { validates: ({ method }) => method === 'GET' },
    caddy: [
      [PUBLIC, `\t\t@methods method POST HEAD OPTIONS PROPFIND\n\t\treverse_proxy @methods 127.0.0.1:16000\n${PUBLIC}`],
    ],
    finds: ['the method HEAD', 'the method OPTIONS', 'the method POST', 'the method PROPFIND'],
  },
  'a second Authorization header is passed on': {
    // nginx refuses two, and Caddy joins them.
    proxy: { readsFirst: true },
    finds: ['two Authorization headers, the good one first'],
  },
  'X-Forwarded-For is appended to': {
    proxy: { forwardedFor: (peer, said) => [said, peer].filter(Boolean).join(', ') },
    nginx: [['X-Forwarded-For $remote_addr', 'X-Forwarded-For $proxy_add_x_forwarded_for']],
    caddy: [CLIENT_WORDS, [REVERSE_PROXY, `${REVERSE_PROXY} {\n\ttrusted_proxies private_ranges\n}`]],
    finds: [
      'a forged address: X-Forwarded-For',
      'a forged address: x-forwarded-for, in lower case',
      'a forged address: X-Forwarded-For as a list',
    ],
  },
  'X-Forwarded-For is for the client to say': {
    proxy: { forwardedFor: (peer, said) => said ?? peer },
    nginx: [['X-Forwarded-For $remote_addr', 'X-Forwarded-For $http_x_forwarded_for']],
    caddy: [
      CLIENT_WORDS,
      [REVERSE_PROXY, `${REVERSE_PROXY} {\n\theader_up X-Forwarded-For {http.request.header.X-Forwarded-For}\n}`],
    ],
    finds: ['a forged address: X-Forwarded-For', 'a forged address: X-Forwarded-For with an IPv6 address'],
  },
  'aliases of header names are let through': {
    proxy: { passesAllHeaders: true },
    nginx: [
      ['underscores_in_headers off;', 'underscores_in_headers on;'],
      ['ignore_invalid_headers on;', 'ignore_invalid_headers off;'],
    ],
    caddy: [
      ['\trequest_header -*_*\n', ''],
      ['\trequest_header -*.*\n', ''],
    ],
    finds: ['a forged address: X_Forwarded_For', 'a forged address: X.Forwarded.For', 'a forged address: X_Real_IP'],
  },
  'other headers that speak of the client are let through': {
    proxy: { passesAllHeaders: true },
    nginx: [
      ['  proxy_set_header Forwarded "";\n', ''],
      ['  proxy_set_header X-Real-IP "";\n', ''],
    ],
    caddy: [
      ['\trequest_header -Forwarded\n', ''],
      ['\trequest_header -X-Real-Ip\n', ''],
    ],
    finds: ['a forged address: Forwarded', 'a forged address: X-Real-IP'],
  },
};

/** Not a mistake: whoever asks validate must have the token. */
export const OPEN_VALIDATE: Mistake = {
  proxy: { exposesValidate: true, validates: ({ url }) => url !== '/api/tokens/validate' },
  nginx: [
    [
      '    location = /api/tokens/validate {\n      return 404;\n',
      '    location = /api/tokens/validate {\n      set $principal $http_authorization;\n      proxy_pass http://kaiten_api;\n',
    ],
  ],
  caddy: [['respond /api/tokens/validate 404', `reverse_proxy /api/tokens/validate 127.0.0.1:16000`]],
  finds: [],
};
