import { generateToken } from '../tokens/token-format.js';
import type { Header } from './endpoint.js';
import { forgePrincipals } from './forged-principals.js';
import type { Examination, Judgement, Result } from './probe.js';
import { bearer, finding, judge, judgeForgery, ok, readMe, skipped, undecided, wordsOf } from './probe.js';

const GAIN_OF_PRINCIPAL =
  'An attacker can write a principal and have the API read it: only the checks of the API itself are between him and every account.';
const GAIN_OF_TOKEN =
  'Validation does not happen: what is behind the gateway must tell good tokens from bad ones by itself.';
const GAIN_OF_SECOND =
  'What is validated is not what the API gets: an attacker with any token can send another credential beside it.';

/** The token itself. */
export async function probeToken({ gateway, token }: Examination): Promise<readonly Result[]> {
  const answer = await gateway.ask({ headers: [bearer(token)] });
  const me = readMe(answer);
  const results: Result[] = [
    {
      probe: 'a good token',
      ...(me
        ? ok(`works, as ${me.organization.slug}`)
        : finding(`does not work (${wordsOf(answer)}): the gateway keeps its users out, or the token is not good`)),
    },
  ];
  const leaks = answer.headers.authorization !== undefined;
  results.push({
    probe: 'the answer to a good token',
    ...(leaks
      ? finding('has an Authorization header. Whoever asks gets the principal that was meant for the API.')
      : ok('has no Authorization header')),
  });
  return results;
}

/**
 * The token once more, when all else has been tried: a gateway that has gone away in between, or that has had enough of us, has refused what
 * came last whatever it was.
 */
export async function probeTokenAgain({ gateway, token, me }: Examination): Promise<readonly Result[]> {
  if (!me) return [];
  const judgement = await judge(gateway, { headers: [bearer(token)] }, (answer) =>
    readMe(answer)
      ? ok('works still')
      : undecided(`does not work any more (${wordsOf(answer)}): what was refused before may have been for that alone`),
  );
  return [{ probe: 'the good token, at the end', ...judgement }];
}

/** No credential, and those that are no token of anybody. */
export async function probeBadTokens({ gateway, token }: Examination): Promise<readonly Result[]> {
  const unknown = generateToken();
  const changed = token.slice(0, -1) + (token.endsWith('0') ? '1' : '0');
  const cases: readonly [probe: string, headers: readonly Header[], target?: string][] = [
    ['no credential', []],
    ['an empty Authorization header', [['Authorization', '']]],
    ['a garbage token', [bearer('garbage')]],
    ['a well-formed token that nobody has', [bearer(unknown)]],
    ['the good token with one character changed', [bearer(changed)]],
    ['another scheme', [['Authorization', 'Basic a2FpdGVuOmthaXRlbg==']]],
    ['a token in the query', [], `/api/me?access_token=${unknown}`],
  ];
  const results: Result[] = [];
  for (const [probe, headers, target] of cases) {
    const judgement = await judge(gateway, { headers, target }, (answer) => {
      const judged = judgeForgery(answer, GAIN_OF_TOKEN);
      const isLetIn = judged.outcome === 'ok' && answer.status >= 200 && answer.status < 300;
      return isLetIn ? finding(`let in (${wordsOf(answer)}), where a 401 was due. ${GAIN_OF_TOKEN}`) : judged;
    });
    results.push({ probe, ...judgement });
  }
  return results;
}

/** Principals that the client wrote itself. */
export async function probeForgedPrincipals({ gateway, token, me }: Examination): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const { name, jwt } of forgePrincipals(token, me)) {
    const judgement = await judge(gateway, { headers: [bearer(jwt)] }, (answer) =>
      judgeForgery(answer, GAIN_OF_PRINCIPAL),
    );
    results.push({ probe: name, ...judgement });
  }
  return results;
}

/** A principal that validate has made: it is the API's to read, and no client's to send. */
export async function probeReplay({ gateway, direct, token }: Examination): Promise<readonly Result[]> {
  const results: Result[] = [];
  let principal: string | undefined;
  for (const [endpoint, name] of [
    [gateway, 'through the gateway'],
    [direct, 'around the gateway'],
  ] as const) {
    if (!endpoint) continue;
    const judgement = await judge(
      endpoint,
      { target: '/api/tokens/validate', headers: [bearer(token)] },
      ({ status, headers }) => {
        const answered = status === 200 ? headers.authorization : undefined;
        principal ??= answered;
        return answered === undefined
          ? ok(`cannot be asked (${status})`)
          : ok('can be asked: it tells the holder of a token what it says, and nobody else anything');
      },
      endpoint === direct ? ok : undefined,
    );
    results.push({ probe: `validate itself, ${name}`, ...judgement });
  }
  const replayed = principal;
  const judgement: Judgement =
    replayed === undefined
      ? skipped('validate cannot be asked, so there is no principal to send')
      : await judge(gateway, { headers: [['Authorization', replayed]] }, (answer) =>
          judgeForgery(answer, 'Whoever finds a principal, in a log or a trace, has the token it was made from.'),
        );
  return [...results, { probe: 'a principal of validate, sent by the client', ...judgement }];
}

/** Two credentials at once, of which the gateway may read one and the API another. */
export async function probeTwoCredentials({ gateway, token, me }: Examination): Promise<readonly Result[]> {
  const forged = forgePrincipals(token, me)[0]!.jwt;
  const good = bearer(token);
  const bad = bearer(forged);
  const cases: readonly [probe: string, headers: readonly Header[]][] = [
    ['two Authorization headers, the good one first', [good, bad]],
    ['two Authorization headers, the forged one first', [bad, good]],
    ['two Authorization headers, an empty one first', [['Authorization', ''], bad]],
    ['two Authorization headers in different case', [good, ['authorization', bad[1]]]],
    ['two credentials in one header', [['Authorization', `${good[1]}, ${bad[1]}`]]],
    ['a blank before the colon of the second', [good, ['Authorization ', bad[1]]]],
    ['the forged one in Proxy-Authorization', [good, ['Proxy-Authorization', bad[1]]]],
    ['the forged one in X-Authorization', [good, ['X-Authorization', bad[1]]]],
  ];
  const results: Result[] = [];
  for (const [probe, headers] of cases) {
    const judgement = await judge(gateway, { headers }, (answer) => {
      const answered = readMe(answer);
      const isOwn = me !== undefined && answered?.token.id === me.token.id;
      return isOwn ? ok('answered as the good token') : judgeForgery(answer, GAIN_OF_SECOND);
    });
    results.push({ probe, ...judgement });
  }
  return results;
}
