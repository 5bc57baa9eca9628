import { probeForwardedFor } from './address-probes.js';
import type { Answer } from './answer.js';
import { Unreachable } from './endpoint.js';
import { forgePrincipals } from './forged-principals.js';
import type { Examination, Judgement, Result } from './probe.js';
import { bearer, finding, isUndecided, judge, ok, readMe, skipped, undecided, wordsOf } from './probe.js';

/** Whether the server can be asked without the gateway, and what whoever does gets. */
export async function probeDirect({ direct, token, me }: Examination): Promise<readonly Result[]> {
  const probe = 'the API, around the gateway';
  if (!direct) return [{ probe, ...skipped('no --direct-url') }];
  let answer: Answer;
  try {
    answer = await direct.ask({ headers: [bearer(token)] });
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    if (error.stage === 'waiting') return [{ probe, ...undecided(`takes connections: ${error.message}`) }];
    return [{ probe, ...ok(`cannot be reached: ${error.message}`) }];
  }
  const seen = readMe(answer);
  if (!seen && answer.code === undefined) {
    return [{ probe, ...ok(`something answers that is not the API (${wordsOf(answer)})`) }];
  }
  const results: Result[] = [
    {
      probe,
      ...finding(
        `can be reached from here (${wordsOf(answer)}). An attacker with a token uses it past whatever the gateway limits or logs; ` +
          'the server should listen on a network that it shares with the gateway alone.',
      ),
    },
  ];
  const forged = forgePrincipals(token, me ?? seen)[0]!.jwt;
  const unsigned = await judge(direct, { headers: [bearer(forged)] }, judgeUnsigned);
  results.push({ probe: 'an unsigned principal, around the gateway', ...unsigned });
  const address = seen ? await probeForwardedFor(direct, token, seen) : skipped('the token does not work there');
  results.push({ probe: 'X-Forwarded-For, around the gateway', ...address });
  return results;
}

function judgeUnsigned(answer: Answer): Judgement {
  const words = wordsOf(answer);
  if (readMe(answer)) return finding(`accepted (${words}). Whoever gets here is whoever he writes that he is.`);
  if (answer.code === 'Auth.UntrustedGateway') return ok(`refused, for this machine is no gateway (${words})`);
  if (answer.code === 'Auth.InvalidToken') return ok(`refused, as unsigned ones are everywhere (${words})`);
  if (isUndecided(answer)) return undecided(`not decided (${words})`);
  if (answer.code?.startsWith('Auth.') === true) {
    return finding(
      `read and compared with the token (${words}). This machine is in GATEWAY_TRUSTED_CIDRS; ` +
        "an attacker on it needs no token, only a token's hash and ids, to be its holder.",
    );
  }
  return ok(`refused (${words})`);
}
