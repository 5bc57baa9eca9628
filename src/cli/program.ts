import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { ROLES } from '../auth/roles.js';
import { GRANTED_SCOPES } from '../auth/scopes.js';
import type { GatewayOptions } from './doctor.js';
import { explain, USAGE } from './failure.js';
import type { Outcome, Printing } from './outcome.js';
import { tell } from './outcome.js';
import type { OfToken } from './token-commands.js';

/** Runs one command. @returns the exit code: 0, 1 when it failed, 2 when it was not called as it should be. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has said what is wrong; a missing command is wrong too, and help that was asked for is not.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    const { message, exitCode } = explain(error);
    process.stderr.write(`error: ${message}\n`);
    return exitCode;
  }
}

const AFTER_HELP = `
Results go to stdout: with --json one JSON value, without it what the next command needs. Messages go to stderr.
Exit status: 0 done, 1 failed, 2 not called as it should be.

The database is that of DATABASE_ADMIN_URL (and DATABASE_URL), or the embedded one in KAITEN_DATA_DIR, whether the server runs or not.`;

function createProgram(): Command {
  const program = new Command('kaiten')
    .description("The operator's command line of kaiten-server.")
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print help for a command')
    .addHelpText('after', AFTER_HELP)
    .showHelpAfterError('(--help says how it is used)')
    .exitOverride();

  command(program, 'migrate', 'bring the schema up to date and grant the application role its privileges').action(
    perform((commands) => commands.migrateDatabase),
  );

  const organization = program.command('organization').description('create and list organizations');
  command(organization, 'create', 'create an organization; prints its slug')
    .requiredOption('--name <name>', 'its name')
    .option('--slug <slug>', 'its slug, which must be free (default: made from the name)')
    .action(perform((commands) => commands.addOrganization));
  command(organization, 'list', 'list organizations: slug, name, time of creation').action(
    perform((commands) => commands.showOrganizations),
  );

  const account = program.command('service-account').description('create service accounts');
  inOrganization(command(account, 'create', 'create a service account; prints its slug'))
    .requiredOption('--name <name>', 'its name')
    .option('--slug <slug>', 'its slug, which must be free (default: made from the name)')
    .action(perform((commands) => commands.addServiceAccount));

  const token = program.command('token').description('mint, rotate and revoke tokens');
  ofServiceAccount(command(token, 'create', 'mint a token; prints the secret, this once'))
    .requiredOption(
      '--name <name>',
      "its name, unique among the account's tokens that are neither revoked nor replaced",
    )
    .requiredOption('--scope <scope>', 'what it may do; repeat for more', collect)
    .option('--expires-at <time>', 'when it ends, such as 2099-01-31T12:00:00Z (default: never)')
    .option('--allowed-cidr <network>', 'where it may be used from; repeat for more (default: anywhere)', collect)
    .option('--slug <slug>', 'its slug, which must be free (default: made from the name)')
    .addHelpText('after', `\nScopes: ${GRANTED_SCOPES.join(', ')}.\nWrite implies read; write:* is everything.`)
    .action(performOnTokens((commands) => commands.addToken));
  ofServiceAccount(command(token, 'rotate', 'mint a token in place of another; prints the secret, this once'))
    .requiredOption('--token <slug>', 'slug or id of the token to replace')
    .option('--grace-seconds <seconds>', 'for how long the old one goes on working (default: 0)', wholeNumber)
    .option('--expires-at <time>', 'when the new one ends (default: it is made to last as long as the old one was)')
    .action(performOnTokens((commands) => commands.rotateToken));
  command(token, 'revoke', 'revoke a token: it is refused from then on')
    .option('--organization <slug>', "the organization's slug")
    .option('--service-account <slug>', "the service account's slug or id")
    .option('--token <slug>', "the token's slug or id")
    .option('--secret <->', 'in place of these: - reads the token itself from stdin, and finds out whose it is')
    .action((options: Revocation, command: Command) =>
      isBySecret(options, command)
        ? performOnTokens((commands) => () => commands.revokeSecret((message) => command.error(message)))(options)
        : performOnTokens((commands) => commands.revokeToken)(options),
    );

  inOrganization(
    command(program, 'sign-in-link', 'make a link that signs a person in to the console; prints it, this once'),
  )
    .option('--user <name>', 'whom; made if there is nobody of that name (default: Owner)')
    .option(
      '--role <role>',
      `${ROLES.join(', ')}; also for somebody who is there already (default for somebody new: owner for Owner, viewer for others)`,
    )
    .addHelpText('after', '\nThe link works once, and for 15 minutes. It begins with PUBLIC_URL.')
    .action(performOnSignIns((commands) => commands.makeSignInLink));

  const policy = program.command('token-policy').description("an organization's policy for its tokens");
  inOrganization(command(policy, 'show', 'print what the organization asks of its tokens')).action(
    performOnPolicies((commands) => commands.showTokenPolicy),
  );
  inOrganization(command(policy, 'set', 'replace the policy: what is left out is asked no longer'))
    .option('--longest-lifetime-days <days>', 'days that a token may live for at the most', wholeNumber)
    .option('--expiry-required', 'tokens must expire')
    .option('--required-cidr <network>', 'tokens must name networks within this one; repeat for more', collect)
    .action(performOnPolicies((commands) => commands.setTokenPolicy));

  const keys = program.command('keys').description('the keys that principals for gateways are signed with');
  command(keys, 'list', 'list the keys: kid, state, since when it signs, until when it verifies').action(
    performOnKeys((commands) => commands.showKeys),
  );
  command(keys, 'rotate', 'add a key, which takes over from the one that signs; prints its kid')
    .option('--now', 'at once, and drop all others: what they have signed is refused. For a key that has got out')
    .action(performOnKeys((commands) => commands.addKey));

  const doctor = program.command('doctor').description('find out what is wrong around the server');
  command(doctor, 'gateway', 'probe a gateway from outside; exits 1 when it lets something through')
    .requiredOption('--url <url>', 'where clients reach it, such as https://api.example.com', httpUrl)
    .requiredOption('--token-stdin', 'read a token that works from stdin; whatever its scopes, nothing is changed')
    .option('--direct-url <url>', "the server's own, to try whether it can be reached around the gateway", httpUrl)
    .action(async (options: GatewayOptions, command: Command) =>
      (await import('./doctor.js')).doctorGateway(options, (message) => command.error(message)),
    );

  return program;
}

function command(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option('--json', 'print one JSON value and nothing else to stdout');
}

const inOrganization = (command: Command): Command =>
  command.requiredOption('--organization <slug>', "the organization's slug");

const ofServiceAccount = (command: Command): Command =>
  inOrganization(command).requiredOption('--service-account <slug>', "the service account's slug or id");

const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** @throws InvalidArgumentError */
function httpUrl(value: string): string {
  const { protocol, username, password, search, hash } = URL.canParse(value) ? new URL(value) : new URL('none:');
  if (!/^https?:$/.test(protocol)) throw new InvalidArgumentError('It must begin with http:// or https://.');
  if (username || password || search || hash)
    throw new InvalidArgumentError('It must be an origin and a path, no more.');
  return value;
}

/** The number, or the text as it is when it is none, for validation to refuse. */
const wholeNumber = (text: string): unknown => (/^\d{1,9}$/.test(text) ? Number(text) : text);

type Revocation = OfToken & { readonly secret?: string };

/** Whether a token is to be revoked by its secret, and not by where it is. */
function isBySecret(options: Partial<Revocation>, command: Command): boolean {
  const { secret, ...place } = options;
  const names = {
    organization: '--organization <slug>',
    serviceAccount: '--service-account <slug>',
    token: '--token <slug>',
  };
  for (const [key, flags] of Object.entries(names)) {
    const isGiven = place[key as keyof typeof names] !== undefined;
    if (secret === undefined && !isGiven) command.error(`error: required option '${flags}' not specified`);
    if (secret !== undefined && isGiven) command.error(`error: option '${flags}' cannot be used with '--secret <->'`);
  }
  if (secret !== undefined && secret !== '-') {
    command.error(
      'error: --secret takes - and reads from stdin: on the command line, a secret ends up in the list of processes and in a history',
    );
  }
  return secret !== undefined;
}

const perform = performer(() => import('./commands.js'));
const performOnTokens = performer(() => import('./token-commands.js'));
const performOnKeys = performer(() => import('./key-commands.js'));
const performOnSignIns = performer(() => import('./sign-in-commands.js'));
const performOnPolicies = performer(() => import('./policy-commands.js'));

/** The commands' modules bring the whole application; one is loaded when the command line has been understood. */
function performer<M>(load: () => Promise<M>) {
  return <T>(choose: (commands: M) => (options: T) => Promise<Outcome>) =>
    async (options: T & Printing): Promise<void> =>
      tell(await choose(await load())(options), options);
}

/** The package's; it lies beside dist/, which without it would not be ES modules. */
function version(): string {
  const text = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
